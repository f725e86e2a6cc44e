package dev.wharf.cmd.wharf.command;

import dev.wharf.client.run.ExecProcess;
import dev.wharf.client.run.ExecRequest;
import dev.wharf.client.run.ProcessIo;
import dev.wharf.client.run.RunningExec;
import dev.wharf.cmd.wharf.io.FifoIo;
import dev.wharf.cmd.wharf.io.LinuxRootFiles;
import dev.wharf.cmd.wharf.io.Streams;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code wharf exec}. */
final class ExecCommand implements Command {
    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description("Starts another process in a running container. Ends with the exit code of the process.");
        spec.parser().stopAtPositional(true);
        Options.flag(spec, "do not stay with it", "-d", "--detach");
        Options.flag(spec, "give it a terminal", "-t", "--tty");
        Options.flag(spec, "give it this program's input", "-i", "--interactive");
        Options.values(spec, "NAME[=VALUE]", "an environment variable; without a value, this program's", "-e", "--env");
        Options.value(spec, "DIRECTORY", "working directory [the container's]", "-w", "--cwd");
        Options.value(spec, "USER[:GROUP]", "who it runs as [as the container's first process]", "-u", "--user");
        Options.value(spec, "ID", "its id [random]", "--exec-id");
        Options.value(spec, "URI", "where output goes when detached: file:///path, binary:///path", "--log-uri");
        Options.value(spec, "DIRECTORY", "where FIFOs are made", "--fifo-dir");
        Options.parameter(spec, "0", "CONTAINER", "id of the container");
        Options.parameters(spec, "1..*", "1..*", "COMMAND", "command line");
    }

    @Override
    public int run(ParseResult given, Session session) {
        boolean detach = Options.has(given, "--detach");
        boolean terminal = Options.has(given, "--tty");
        if (detach && (terminal || Options.has(given, "--interactive"))) {
            throw new UsageException("--detach does not go with --tty and --interactive: nobody is there to type");
        }
        if (terminal && !Streams.inputIsTerminal()) {
            throw new UsageException("--tty needs a terminal as standard input: leave it out");
        }
        ProcessIo.Factory io = detach
                ? (_, _) -> ProcessIo.detached(Options.text(given, "--log-uri"))
                : (name, tty) -> FifoIo.open(
                        session.fifos(Options.text(given, "--fifo-dir")),
                        name,
                        tty,
                        Options.has(given, "--interactive"));
        ExecProcess exec = new ExecProcess(session.client(), new LinuxRootFiles());
        try (RunningExec running = exec.start(session.ctx(), request(given, terminal), io)) {
            return detach ? 0 : running.await().status();
        }
    }

    private static ExecRequest request(ParseResult given, boolean terminal) {
        String random = "exec-"
                + HexFormat.of().toHexDigits(RandomGenerator.getDefault().nextInt());
        return new ExecRequest(
                Options.parameter(given, 0),
                Options.text(given, "--exec-id", random),
                Options.parameters(given, 1),
                Environment.of(Options.texts(given, "--env"), System.getenv()),
                Options.text(given, "--cwd"),
                Options.text(given, "--user"),
                terminal);
    }
}
