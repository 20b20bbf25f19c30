package io.zerocopy.linux.internal;

import com.sun.jna.Pointer;
import io.zerocopy.linux.sys.Syscalls;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * System calls that answer from a script and pass on to the kernel what the script says nothing of. Answers are queued
 * per call and used once each; every call is recorded with its arguments, in order.
 */
final class ScriptedSyscalls {
    /** What one call does in place of the kernel. */
    @FunctionalInterface
    interface Answer {
        long to(Object[] arguments) throws Throwable;
    }

    /** One call that was made. */
    record Call(String name, List<Object> arguments) {
        long number(int index) {
            return ((Number) arguments.get(index)).longValue();
        }
    }

    private final Syscalls kernel = Native.bound().syscalls();
    private final Map<String, Deque<Answer>> script = new HashMap<>();
    private final List<Call> calls = new ArrayList<>();
    private final Syscalls sys = (Syscalls) Proxy.newProxyInstance(
            Syscalls.class.getClassLoader(),
            new Class<?>[] {Syscalls.class},
            (proxy, method, arguments) -> answer(method, arguments));

    Syscalls sys() {
        return sys;
    }

    /** Queues answers for the next calls of one name. */
    ScriptedSyscalls answer(String call, long... results) {
        for (long result : results) {
            answer(call, arguments -> result);
        }
        return this;
    }

    ScriptedSyscalls answer(String call, Answer answer) {
        script.computeIfAbsent(call, name -> new ArrayDeque<>()).add(answer);
        return this;
    }

    /** The next poll(2) finds one descriptor just as ready as it was asked for. */
    ScriptedSyscalls ready() {
        return answer("poll", arguments -> {
            Pointer first = new Pointer((long) arguments[0]);
            first.setShort(6, first.getShort(4));
            return 1;
        });
    }

    /** What the kernel itself answers, for a script that only wants to look or to shorten. */
    long pass(String call, Object[] arguments) throws Throwable {
        Method method = Arrays.stream(Syscalls.class.getMethods())
                .filter(m -> m.getName().equals(call))
                .findFirst()
                .orElseThrow();
        return ((Number) invoke(method, arguments)).longValue();
    }

    private synchronized Object answer(Method method, Object[] arguments) throws Throwable {
        calls.add(new Call(method.getName(), arguments == null ? List.of() : List.of(arguments)));
        Deque<Answer> answers = script.get(method.getName());
        if (answers == null || answers.isEmpty()) {
            return invoke(method, arguments);
        }
        long result = answers.removeFirst().to(arguments);
        if (method.getReturnType() == int.class) {
            return (int) result;
        }
        return result;
    }

    private Object invoke(Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(kernel, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** The names of all calls since the last {@link #forget()}. */
    synchronized List<String> names() {
        return calls.stream().map(Call::name).toList();
    }

    synchronized List<Call> calls(String name) {
        return calls.stream().filter(call -> call.name().equals(name)).toList();
    }

    synchronized void forget() {
        calls.clear();
    }

    /** Whether the script was played to its end. */
    synchronized boolean isPlayed() {
        return script.values().stream().allMatch(Deque::isEmpty);
    }
}
