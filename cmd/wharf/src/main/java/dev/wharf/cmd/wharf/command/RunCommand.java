package dev.wharf.cmd.wharf.command;

import dev.wharf.client.image.ImageNames;
import dev.wharf.client.run.ProcessIo;
import dev.wharf.client.run.RunContainer;
import dev.wharf.client.run.RunRequest;
import dev.wharf.client.run.RunningContainer;
import dev.wharf.client.run.SpecBuilder;
import dev.wharf.cmd.wharf.args.Arguments;
import dev.wharf.cmd.wharf.args.Syntax;
import dev.wharf.cmd.wharf.args.UsageException;
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
import java.util.List;
import java.util.random.RandomGenerator;

/** {@code wharf run}. */
final class RunCommand implements Command {
    private static final String DEFAULT_RUNTIME = "io.containerd.runc.v2";

    @Override
    public void describe(Syntax syntax) {
        syntax.description("Starts a container from an image, pulling the image first if it is not there. Ends with"
                + " the exit code of the container.");
        syntax.optionsEndAtParameter();
        syntax.flag("remove the container when it has ended", "--rm");
        syntax.flag("do not stay with it", "-d", "--detach");
        syntax.flag("give it a terminal", "-t", "--tty");
        syntax.flag("give it this program's input", "-i", "--interactive");
        syntax.value("ID", "its id [random]", "--name");
        syntax.values("NAME[=VALUE]", "an environment variable; without a value, this program's", "-e", "--env");
        syntax.value("NAME", "what runs it [" + DEFAULT_RUNTIME + "]", "--runtime");
        syntax.values("MOUNT", "type=bind,src=/a,dst=/b,options=rbind:ro; may be given several times", "--mount");
        syntax.value("DIRECTORY", "working directory [the image's]", "-w", "--cwd");
        syntax.value("USER[:GROUP]", "who it runs as [the image's]", "-u", "--user");
        syntax.value("NAME", "its host name [this machine's]", "--hostname");
        syntax.flag("make its root read only", "--read-only");
        syntax.flag("share this machine's network", "--net-host");
        syntax.value("BYTES", "most memory it may use, e.g. 512m", "-m", "--memory");
        syntax.value("URI", "where output goes when detached: file:///path, binary:///path", "--log-uri");
        syntax.value("DIRECTORY", "where FIFOs are made", "--fifo-dir");
        Pulling.describe(syntax);
        Platforms.describe(syntax);
        syntax.parameter("IMAGE", "name of the image, short or full");
        syntax.parameters(0, "COMMAND", "command line instead of the image's");
    }

    @Override
    public int run(Arguments given, Session session) throws IOException {
        boolean detach = given.has("--detach");
        boolean terminal = given.has("--tty");
        checkStreams(detach, terminal, given);
        String id = given.text("--name", randomId());
        RunRequest request = request(given, session, id, terminal);
        ProcessIo.Factory io = detach
                ? (_, _) -> ProcessIo.detached(given.text("--log-uri"))
                : (name, tty) ->
                        FifoIo.open(session.fifos(given.text("--fifo-dir")), name, tty, given.has("--interactive"));
        try (RunningContainer running = start(session, request, io)) {
            if (detach) {
                session.out().println(id);
                return 0;
            }
            Exit exit = running.await();
            running.finish(given.has("--rm"));
            return exit.status();
        }
    }

    private static RunningContainer start(Session session, RunRequest request, ProcessIo.Factory io) {
        try (ProgressView progress = new ProgressView(session.err(), Streams.errorIsTerminal())) {
            return new RunContainer(session.client(), new LinuxRootFiles(), progress).start(session.ctx(), request, io);
        }
    }

    private static void checkStreams(boolean detach, boolean terminal, Arguments given) {
        if (detach && (terminal || given.has("--interactive") || given.has("--rm"))) {
            throw new UsageException("--detach goes neither with --tty and --interactive, as nobody is there to type,"
                    + " nor with --rm, as nobody is there to remove it");
        }
        if (terminal && !Streams.inputIsTerminal()) {
            throw new UsageException("--tty needs a terminal as standard input: leave it out");
        }
    }

    private static RunRequest request(Arguments given, Session session, String id, boolean terminal)
            throws IOException {
        Platform platform = Platforms.of(given);
        String snapshotter = session.snapshotter(given.text("--snapshotter"));
        String hostname = given.has("--net-host") ? machineName() : "";
        return new RunRequest(
                id,
                image(given, session, platform, snapshotter),
                platform,
                given.text("--runtime", DEFAULT_RUNTIME),
                snapshotter,
                given.text("--user"),
                terminal,
                spec -> change(spec, given, hostname));
    }

    private static Image image(Arguments given, Session session, Platform platform, String snapshotter) {
        String name = given.parameter(0);
        return new ImageFinder(session).find(name).orElseGet(() -> {
            session.err().println("wharf: image " + name + " is not here, pulling " + ImageNames.full(name));
            session.err().flush();
            return new Pulling(
                            List.of(platform),
                            List.of(platform),
                            snapshotter,
                            Pulling.access(given, given.text("--registry-user")))
                    .run(session, name);
        });
    }

    private static void change(SpecBuilder spec, Arguments given, String hostname) {
        spec.args(given.parameters(1));
        spec.env(Environment.of(given.texts("--env"), System.getenv()));
        given.texts("--mount").forEach(mount -> spec.mount(MountOption.parse(mount)));
        if (!given.text("--cwd").isEmpty()) {
            spec.cwd(given.text("--cwd"));
        }
        if (given.has("--read-only")) {
            spec.readOnlyRoot();
        }
        if (given.has("--net-host")) {
            spec.hostNetwork(hostname);
        }
        if (!given.text("--hostname").isEmpty()) {
            spec.hostname(given.text("--hostname"));
        }
        if (!given.text("--memory").isEmpty()) {
            spec.memory(Bytes.parse(given.text("--memory")));
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
