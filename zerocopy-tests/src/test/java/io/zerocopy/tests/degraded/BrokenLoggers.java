package io.zerocopy.tests.degraded;

/** An application's loggers that cannot be set up. */
public final class BrokenLoggers extends System.LoggerFinder {
    static final String CAUSE = "no logger is configured";

    @Override
    public System.Logger getLogger(String name, Module module) {
        if (name.equals("io.zerocopy")) {
            throw new IllegalStateException(CAUSE);
        }
        return LoggerOfNobody.INSTANCE;
    }

    private enum LoggerOfNobody implements System.Logger {
        INSTANCE;

        @Override
        public String getName() {
            return "nobody";
        }

        @Override
        public boolean isLoggable(Level level) {
            return false;
        }

        @Override
        public void log(Level level, java.util.ResourceBundle bundle, String message, Throwable thrown) {}

        @Override
        public void log(Level level, java.util.ResourceBundle bundle, String format, Object... arguments) {}
    }
}
