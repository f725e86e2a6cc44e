package dev.wharf.cmd.wharf.command;

import dev.wharf.client.run.ExecProcess;
import dev.wharf.client.run.ExecRequest;
import dev.wharf.client.run.ProcessIo;
import dev.wharf.client.run.RunningExec;
import dev.wharf.cmd.wharf.args.Arguments;
import dev.wharf.cmd.wharf.args.Syntax;
import dev.wharf.cmd.wharf.args.UsageException;
import dev.wharf.cmd.wharf.io.FifoIo;
import dev.wharf.cmd.wharf.io.LinuxRootFiles;
import dev.wharf.cmd.wharf.io.Streams;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** {@code wharf exec}. */
final class ExecCommand implements Command {
    @Override
    public void describe(Syntax syntax) {
        syntax.description("Starts another process in a running container. Ends with the exit code of the process.");
        syntax.optionsEndAtParameter();
        syntax.flag("do not stay with it", "-d", "--detach");
        syntax.flag("give it a terminal", "-t", "--tty");
        syntax.flag("give it this program's input", "-i", "--interactive");
        syntax.values("NAME[=VALUE]", "an environment variable; without a value, this program's", "-e", "--env");
        syntax.value("DIRECTORY", "working directory [the container's]", "-w", "--cwd");
        syntax.value("USER[:GROUP]", "who it runs as [as the container's first process]", "-u", "--user");
        syntax.value("ID", "its id [random]", "--exec-id");
        syntax.value("URI", "where output goes when detached: file:///path, binary:///path", "--log-uri");
        syntax.value("DIRECTORY", "where FIFOs are made", "--fifo-dir");
        syntax.parameter("CONTAINER", "id of the container");
        syntax.parameters(1, "COMMAND", "command line");
    }

    @Override
    public int run(Arguments given, Session session) {
        boolean detach = given.has("--detach");
        boolean terminal = given.has("--tty");
        if (detach && (terminal || given.has("--interactive"))) {
            throw new UsageException("--detach does not go with --tty and --interactive: nobody is there to type");
        }
        if (terminal && !Streams.inputIsTerminal()) {
            throw new UsageException("--tty needs a terminal as standard input: leave it out");
        }
        ProcessIo.Factory io = detach
                ? (_, _) -> ProcessIo.detached(given.text("--log-uri"))
                : (name, tty) ->
                        FifoIo.open(session.fifos(given.text("--fifo-dir")), name, tty, given.has("--interactive"));
        ExecProcess exec = new ExecProcess(session.client(), new LinuxRootFiles());
        try (RunningExec running = exec.start(session.ctx(), request(given, terminal), io)) {
            return detach ? 0 : running.await().status();
        }
    }

    private static ExecRequest request(Arguments given, boolean terminal) {
        String random = "exec-"
                + HexFormat.of().toHexDigits(RandomGenerator.getDefault().nextInt());
        return new ExecRequest(
                given.parameter(0),
                given.text("--exec-id", random),
                given.parameters(1),
                Environment.of(given.texts("--env"), System.getenv()),
                given.text("--cwd"),
                given.text("--user"),
                terminal);
    }
}
