package dev.wharf.cmd.wharfd;

import dev.wharf.cmd.wharfd.boot.ServiceManager;
import dev.wharf.cmd.wharfd.boot.Signals;
import dev.wharf.cmd.wharfd.boot.ThreadDump;
import dev.wharf.cmd.wharfd.config.LoadedConfig;
import dev.wharf.cmd.wharfd.config.Problems;
import dev.wharf.cmd.wharfd.config.ServerConfig;
import dev.wharf.cmd.wharfd.config.TomlText;
import dev.wharf.cmd.wharfd.log.LogSettings;
import dev.wharf.lib.linux.MemoryTrim;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** The command line of wharfd. */
public final class Main {
    private Main() {}

    /** Does what the arguments say and ends the process: status 0 after a clean stop, 1 after any error. */
    public static void main(String[] arguments) throws InterruptedException {
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> arguments) throws InterruptedException {
        try {
            Options options = Options.parse(arguments);
            return switch (options.command()) {
                case RUN -> daemon(options);
                case CONFIG_DEFAULT -> print(LoadedConfig.load(Optional.empty(), LoadedConfig.Overrides.NONE));
                case CONFIG_DUMP, CONFIG_MIGRATE -> print(LoadedConfig.load(options.configFile(), options.overrides()));
                case PUBLISH -> Publish.run(options, System.in);
                case HELP -> say(Options.HELP);
                case VERSION -> say(version());
            };
        } catch (IOException | RuntimeException e) {
            return fail(e);
        }
    }

    private static int say(String text) {
        System.out.print(text);
        return 0;
    }

    private static int fail(Exception cause) {
        String message = cause.getMessage();
        System.err.println("wharfd: " + (message == null ? cause.toString() : message));
        return 1;
    }

    private static String version() {
        BuildInfo build = BuildInfo.current();
        return "wharfd dev.wharf " + build.version() + " " + build.revision() + "\n";
    }

    private static int print(LoadedConfig loaded) {
        report(loaded.problems());
        if (!loaded.problems().errors().isEmpty()) {
            return 1;
        }
        return say(TomlText.of(loaded.effective()));
    }

    private static int daemon(Options options) throws InterruptedException {
        LoadedConfig loaded = LoadedConfig.load(options.configFile(), options.overrides());
        ServerConfig config = loaded.config();
        LogSettings.use(config.log().level(), config.log().format());
        report(loaded.problems());
        if (!loaded.problems().errors().isEmpty()) {
            return 1;
        }
        return serve(config);
    }

    /** All that is wrong, at once. */
    private static void report(Problems problems) {
        Logger log = LoggerFactory.getLogger(Main.class);
        for (Problems.Note note : problems.notes()) {
            LoggingEventBuilder line = note.warning() ? log.atWarn() : log.atInfo();
            line.addKeyValue("file", note.at().file())
                    .addKeyValue("row", note.at().row())
                    .addKeyValue("column", note.at().column())
                    .addKeyValue("key", note.key())
                    .log(note.message());
        }
        problems.errors().forEach(error -> System.err.println("wharfd: configuration: " + error));
    }

    private static int serve(ServerConfig config) throws InterruptedException {
        long began = System.nanoTime();
        Logger log = LoggerFactory.getLogger(Main.class);
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, thrown) -> log.error("thread died thread={}", thread.getName(), thrown));
        log.atInfo()
                .addKeyValue("version", BuildInfo.current().version())
                .addKeyValue("root", config.root())
                .addKeyValue("state", config.state())
                .log("starting wharfd");
        Signals signals = Signals.handle(new ThreadDump(temporaryDirectory(config))::write);
        ServiceManager manager = new ServiceManager(System.getenv("NOTIFY_SOCKET"));
        try (Daemon _ = Daemon.start(config);
                MemoryTrim.Looking _ = MemoryTrim.start(failure -> log.warn("cannot give memory back", failure))) {
            log.info("wharfd successfully booted in {}ms", (System.nanoTime() - began) / 1_000_000);
            manager.ready();
            signals.awaitStop();
            log.info("stopping, containers keep running");
            manager.stopping();
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("wharfd failed to start");
            return 1;
        }
        return 0;
    }

    private static Path temporaryDirectory(ServerConfig config) {
        return config.temp().isEmpty()
                ? Path.of(Optional.ofNullable(System.getenv("TMPDIR")).orElse("/tmp"))
                : Path.of(config.temp());
    }
}
