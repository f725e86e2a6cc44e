package dev.wharf.cmd.wharf.command;

import dev.wharf.client.image.ImageNames;
import dev.wharf.client.run.ProcessIo;
import dev.wharf.client.run.RunContainer;
import dev.wharf.client.run.RunRequest;
import dev.wharf.client.run.RunningContainer;
import dev.wharf.client.run.SpecBuilder;
import dev.wharf.cmd.wharf.io.FifoIo;
import dev.wharf.cmd.wharf.io.LinuxRootFiles;
import dev.wharf.cmd.wharf.io.Streams;
import dev.wharf.cmd.wharf.output.ProgressView;
import dev.wharf.core.images.Image;
import dev.wharf.core.oci.Platform;
import dev.wharf.core.runtime.Exit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code wharf run}. */
final class RunCommand implements Command {
    private static final String DEFAULT_RUNTIME = "io.containerd.runc.v2";

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description("Starts a container from an image, pulling the image first if it is not there. Ends with"
                        + " the exit code of the container.");
        spec.parser().stopAtPositional(true);
        Options.flag(spec, "remove the container when it has ended", "--rm");
        Options.flag(spec, "do not stay with it", "-d", "--detach");
        Options.flag(spec, "give it a terminal", "-t", "--tty");
        Options.flag(spec, "give it this program's input", "-i", "--interactive");
        Options.value(spec, "ID", "its id [random]", "--name");
        Options.values(spec, "NAME[=VALUE]", "an environment variable; without a value, this program's", "-e", "--env");
        Options.value(spec, "NAME", "what runs it [" + DEFAULT_RUNTIME + "]", "--runtime");
        Options.values(
                spec, "MOUNT", "type=bind,src=/a,dst=/b,options=rbind:ro; may be given several times", "--mount");
        Options.value(spec, "DIRECTORY", "working directory [the image's]", "-w", "--cwd");
        Options.value(spec, "USER[:GROUP]", "who it runs as [the image's]", "-u", "--user");
        Options.value(spec, "NAME", "its host name [this machine's]", "--hostname");
        Options.flag(spec, "make its root read only", "--read-only");
        Options.flag(spec, "share this machine's network", "--net-host");
        Options.value(spec, "BYTES", "most memory it may use, e.g. 512m", "-m", "--memory");
        Options.value(spec, "URI", "where output goes when detached: file:///path, binary:///path", "--log-uri");
        Options.value(spec, "DIRECTORY", "where FIFOs are made", "--fifo-dir");
        Options.flag(spec, "pull without encryption, if it has to be pulled", "--plain-http");
        Platforms.describe(spec);
        Options.parameter(spec, "0", "IMAGE", "name of the image, short or full");
        Options.parameters(spec, "1..*", "0..*", "COMMAND", "command line instead of the image's");
    }

    @Override
    public int run(ParseResult given, Session session) throws IOException {
        boolean detach = Options.has(given, "--detach");
        boolean terminal = Options.has(given, "--tty");
        checkStreams(detach, terminal, given);
        String id = Options.text(given, "--name", randomId());
        RunRequest request = request(given, session, id, terminal);
        ProcessIo.Factory io = detach
                ? (_, _) -> ProcessIo.detached(Options.text(given, "--log-uri"))
                : (name, tty) -> FifoIo.open(
                        session.fifos(Options.text(given, "--fifo-dir")),
                        name,
                        tty,
                        Options.has(given, "--interactive"));
        try (RunningContainer running = start(session, request, io)) {
            if (detach) {
                session.out().println(id);
                return 0;
            }
            Exit exit = running.await();
            running.finish(Options.has(given, "--rm"));
            return exit.status();
        }
    }

    private static RunningContainer start(Session session, RunRequest request, ProcessIo.Factory io) {
        try (ProgressView progress = new ProgressView(session.err(), Streams.errorIsTerminal())) {
            return new RunContainer(session.client(), new LinuxRootFiles(), progress).start(session.ctx(), request, io);
        }
    }

    private static void checkStreams(boolean detach, boolean terminal, ParseResult given) {
        if (detach && (terminal || Options.has(given, "--interactive") || Options.has(given, "--rm"))) {
            throw new UsageException("--detach goes neither with --tty and --interactive, as nobody is there to type,"
                    + " nor with --rm, as nobody is there to remove it");
        }
        if (terminal && !Streams.inputIsTerminal()) {
            throw new UsageException("--tty needs a terminal as standard input: leave it out");
        }
    }

    private static RunRequest request(ParseResult given, Session session, String id, boolean terminal)
            throws IOException {
        Platform platform = Platforms.of(given);
        String snapshotter = session.snapshotter(Options.text(given, "--snapshotter"));
        String hostname = Options.has(given, "--net-host") ? machineName() : "";
        return new RunRequest(
                id,
                image(given, session, platform, snapshotter),
                platform,
                Options.text(given, "--runtime", DEFAULT_RUNTIME),
                snapshotter,
                Options.text(given, "--user"),
                terminal,
                spec -> change(spec, given, hostname));
    }

    private static Image image(ParseResult given, Session session, Platform platform, String snapshotter) {
        String name = Options.parameter(given, 0);
        return new ImageFinder(session).find(name).orElseGet(() -> {
            session.err().println("wharf: image " + name + " is not here, pulling " + ImageNames.full(name));
            session.err().flush();
            return new Pulling(platform, snapshotter, "", Options.has(given, "--plain-http")).run(session, name);
        });
    }

    private static void change(SpecBuilder spec, ParseResult given, String hostname) {
        spec.args(Options.parameters(given, 1));
        spec.env(Environment.of(Options.texts(given, "--env"), System.getenv()));
        Options.texts(given, "--mount").forEach(mount -> spec.mount(MountOption.parse(mount)));
        if (!Options.text(given, "--cwd").isEmpty()) {
            spec.cwd(Options.text(given, "--cwd"));
        }
        if (Options.has(given, "--read-only")) {
            spec.readOnlyRoot();
        }
        if (Options.has(given, "--net-host")) {
            spec.hostNetwork(hostname);
        }
        if (!Options.text(given, "--hostname").isEmpty()) {
            spec.hostname(Options.text(given, "--hostname"));
        }
        if (!Options.text(given, "--memory").isEmpty()) {
            spec.memory(Bytes.parse(Options.text(given, "--memory")));
        }
    }

    private static String machineName() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/hostname"), StandardCharsets.UTF_8)
                .strip();
    }

    private static String randomId() {
        byte[] bytes = new byte[6];
        RandomGenerator.getDefault().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
