package io.zerocopy.linux.internal.errno;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.linux.internal.errno.ErrnoTable.Row;
import io.zerocopy.linux.sys.Errno;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The errno table has a row for every call and a reason for every row, and no row is unused. */
class ErrnoTableTest {
    private static final Set<Call> COPIES =
            EnumSet.of(Call.SENDFILE, Call.SPLICE, Call.COPY_FILE_RANGE, Call.FICLONERANGE);

    @Test
    void everyCallHasARowAndEveryRowAReason() {
        Set<Call> calls = EnumSet.noneOf(Call.class);
        for (Row row : ErrnoTable.rows()) {
            assertThat(row.reason()).isNotBlank();
            assertThat(row.calls()).isNotEmpty();
            assertThat(row.errnos()).doesNotHaveDuplicates();
            calls.addAll(row.calls());
        }
        assertThat(calls).containsExactlyInAnyOrder(Call.values());
    }

    @Test
    void everyRowDecidesSomething() {
        for (int i = 0; i < ErrnoTable.rows().size(); i++) {
            Row row = ErrnoTable.rows().get(i);
            List<Row> before = ErrnoTable.rows().subList(0, i);
            boolean decides = row.calls().stream()
                    .anyMatch(call -> row.errnos().isEmpty()
                            ? before.stream().noneMatch(b -> fits(b, call, List.of()))
                            : row.errnos().stream()
                                    .anyMatch(e -> before.stream().noneMatch(b -> fits(b, call, List.of(e)))));
            assertThat(decides).as("%s", row).isTrue();
        }
    }

    private static boolean fits(Row row, Call call, List<Integer> errnos) {
        return row.calls().contains(call)
                && (row.errnos().isEmpty() || !errnos.isEmpty() && row.errnos().containsAll(errnos));
    }

    @Test
    void errorsWithoutARowAreFailures() {
        for (Call call : EnumSet.of(Call.SENDFILE, Call.SPLICE, Call.COPY_FILE_RANGE, Call.WRITE, Call.SEND_ZEROCOPY)) {
            for (int errno :
                    new int[] {Errno.ENOSPC, Errno.EDQUOT, Errno.EPIPE, Errno.ECONNRESET, Errno.ENOMEM, 4000}) {
                assertThat(ErrnoTable.of(call, -errno, false))
                        .as("%s %s", call, Errno.text(errno))
                        .isEqualTo(Outcome.FAIL);
            }
        }
    }

    @Test
    void copiesDeclineIfTheErrorRefusesThePair() {
        int[] declined = {
            Errno.EINVAL,
            Errno.EXDEV,
            Errno.EOPNOTSUPP,
            Errno.ENOTSOCK,
            Errno.ENOTTY,
            Errno.ETXTBSY,
            Errno.EACCES,
            Errno.EPERM,
            Errno.ENOSYS
        };
        for (Call call : COPIES) {
            for (int errno : declined) {
                assertThat(ErrnoTable.of(call, -errno, false).declines()).isTrue();
                assertThat(ErrnoTable.of(call, -errno, true).declines()).isTrue();
            }
            assertThat(ErrnoTable.of(call, -Errno.ENOSYS, false)).isEqualTo(Outcome.DECLINE_FOR_GOOD);
            assertThat(ErrnoTable.of(call, -Errno.EPERM, false)).isEqualTo(Outcome.DECLINE_FOR_GOOD);
        }
    }

    @Test
    void copiesOfFilesDeclineMoreBeforeTheFirstByte() {
        int[] errnos = {Errno.EBADF, Errno.EISDIR, Errno.ENOENT, Errno.EIO, Errno.EFBIG, Errno.EOVERFLOW};
        for (int errno : errnos) {
            assertThat(ErrnoTable.of(Call.COPY_FILE_RANGE, -errno, false)).isEqualTo(Outcome.DECLINE);
            assertThat(ErrnoTable.of(Call.COPY_FILE_RANGE, -errno, true)).isEqualTo(Outcome.FAIL);
            assertThat(ErrnoTable.of(Call.FICLONERANGE, -errno, false)).isEqualTo(Outcome.DECLINE);
            assertThat(ErrnoTable.of(Call.SENDFILE, -errno, false)).isEqualTo(Outcome.FAIL);
        }
    }

    @Test
    void onlyANegativeResultIsAnError() {
        assertThat(ErrnoTable.waits(Call.READ, 0)).isFalse();
        assertThat(ErrnoTable.waits(Call.READ, Errno.EAGAIN)).isFalse();
        assertThat(ErrnoTable.waits(Call.READ, -Errno.EAGAIN)).isTrue();
        assertThat(ErrnoTable.isWithoutFlag(Call.RWF_NOWAIT, 95)).isFalse();
        assertThat(ErrnoTable.isWithoutFlag(Call.RWF_NOWAIT, -Errno.EOPNOTSUPP)).isTrue();
    }

    @Test
    void aCallThatLooksAtItsDescriptorExists() {
        assertThat(ErrnoTable.exists(-Errno.EBADF)).isTrue();
        assertThat(ErrnoTable.exists(0)).isTrue();
        assertThat(ErrnoTable.exists(-Errno.ENOSYS)).isFalse();
        assertThat(ErrnoTable.exists(-Errno.EPERM)).isFalse();
    }

    @Test
    void everyRowOfSidesHasAReasonAndDecidesSomething() {
        for (int i = 0; i < SideTable.rows().size(); i++) {
            SideTable.Row row = SideTable.rows().get(i);
            List<SideTable.Row> before = SideTable.rows().subList(0, i);
            assertThat(row.reason()).isNotBlank();
            List<Integer> errnos = row.errnos().isEmpty() ? List.of(4000) : row.errnos();
            boolean decides = row.calls().stream()
                    .anyMatch(call -> errnos.stream()
                            .anyMatch(e -> before.stream()
                                    .noneMatch(b -> b.calls().contains(call)
                                            && (b.errnos().isEmpty()
                                                    || b.errnos().contains(e)))));
            assertThat(decides).as("%s", row).isTrue();
        }
    }
}
