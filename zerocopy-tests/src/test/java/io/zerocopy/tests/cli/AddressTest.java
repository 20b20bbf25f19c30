package io.zerocopy.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.tests.cli.terminal.Address;
import io.zerocopy.tests.cli.terminal.Address.Form;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class AddressTest {
    @ParameterizedTest
    @CsvSource({
        "-, STANDARD",
        "a/b:c, PATH",
        "./tcp://localhost:80, PATH",
        "tcp://localhost:80, TCP",
        "tcp-listen://[::1]:0, TCP_LISTEN",
        "unix:/run/x, UNIX",
        "unix-listen:x, UNIX_LISTEN"
    })
    void hasTheFormThatItsPrefixSays(String text, Form form) {
        Address address = new Address.Converter().convert(text);
        assertThat(address.form()).isEqualTo(form);
        assertThat(address).hasToString(text);
    }

    @Test
    void takesHostsPortsAndPathsApart() {
        assertThat(Address.parse("tcp://localhost:80").host()).isEqualTo("localhost");
        assertThat(Address.parse("tcp://localhost:80").port()).isEqualTo(80);
        assertThat(Address.parse("tcp-listen://[::1]:0").host()).isEqualTo("::1");
        assertThat(Address.parse("tcp-listen://[::1]:0").port()).isZero();
        assertThat(Address.parse("unix:/run/x").path()).isEqualTo(Path.of("/run/x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcp://nowhere",
                "tcp://:80",
                "tcp://host:0",
                "tcp://host:65536",
                "tcp://host:-1",
                "tcp-listen://host:http",
                "unix:",
                "unix-listen:",
                "",
                "http://host/file",
                "a\0b"
            })
    void refusesInvalidAddresses(String text) {
        assertThatThrownBy(() -> new Address.Converter().convert(text)).isInstanceOf(TypeConversionException.class);
    }
}
