package dev.wharf.cmd.shim.task;

import dev.wharf.api.events.TaskExit;
import dev.wharf.api.runc.v1.Options;
import dev.wharf.api.runtime.task.v3.CloseIORequest;
import dev.wharf.api.runtime.task.v3.CreateTaskRequest;
import dev.wharf.api.runtime.task.v3.DeleteRequest;
import dev.wharf.api.runtime.task.v3.KillRequest;
import dev.wharf.api.runtime.task.v3.ResizePtyRequest;
import dev.wharf.api.runtime.task.v3.StartRequest;
import dev.wharf.api.runtime.task.v3.StateRequest;
import dev.wharf.api.runtime.task.v3.WaitRequest;
import dev.wharf.shim.TaskService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A task service in a process of its own, told what to do line by line, so that it can be killed. */
final class ShimProcess implements AutoCloseable {
    private final Process process;
    private final OutputStream commands;
    private final BufferedReader answers;

    private ShimProcess(Process process) {
        this.process = process;
        this.commands = process.getOutputStream();
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static ShimProcess start(Path work) throws IOException {
        return start(work, Shim.ENGINE);
    }

    static ShimProcess start(Path work, String engine) throws IOException {
        Files.createDirectories(work.resolve("state"));
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx64m",
                "-Dwharf.test.engine=" + engine,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                ShimProcess.class.getName(),
                work.toString());
        return new ShimProcess(new ProcessBuilder(command)
                .redirectError(
                        ProcessBuilder.Redirect.appendTo(work.resolve("stderr").toFile()))
                .start());
    }

    /** Asks for one thing and does not wait for it. */
    void send(String... words) throws IOException {
        commands.write((String.join("\t", words) + "\n").getBytes(StandardCharsets.UTF_8));
        commands.flush();
    }

    /** Does one thing and answers what it answered, or "error: " and why not. */
    String call(String... words) throws IOException {
        send(words);
        return String.valueOf(answers.readLine());
    }

    long pid() {
        return process.pid();
    }

    /** Kills it as the kernel would, and waits until it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws Exception {
        commands.close();
        process.waitFor();
    }

    // ---- the other side

    /** Serves in a directory until its input ends. */
    public static void main(String[] arguments) throws IOException {
        Path work = Path.of(arguments[0]);
        RecordingContext context = new RecordingContext(work.resolve("state"));
        TaskService tasks = new WharfRuntime().serve(context);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(answer(work, context, tasks, line.split("\t", -1)));
        }
        System.exit(0);
    }

    private static String answer(Path work, RecordingContext context, TaskService tasks, String[] words) {
        try {
            return act(work, context, tasks, words);
        } catch (Exception e) {
            return "error: " + e.getMessage();
        }
    }

    private static String act(Path work, RecordingContext context, TaskService tasks, String[] words) throws Exception {
        String id = words.length > 1 ? words[1] : "";
        String second = words.length > 2 ? words[2] : "";
        switch (words[0]) {
            case "create" -> {
                return "" + tasks.create(Shim.CALL, create(work, words)).getPid();
            }
            case "start" -> {
                return ""
                        + tasks.start(
                                        Shim.CALL,
                                        StartRequest.newBuilder()
                                                .setId(id)
                                                .setExecId(second)
                                                .build())
                                .getPid();
            }
            case "exec", "terminal" -> {
                String[] program = Arrays.copyOfRange(words, 4, words.length);
                tasks.exec(
                        Shim.CALL,
                        Shim.execRequest(id, second, program)
                                .setStdout(words[3])
                                .setTerminal(words[0].equals("terminal"))
                                .build());
                return "ok";
            }
            case "wait" -> {
                return ""
                        + tasks.wait(
                                        Shim.CALL,
                                        WaitRequest.newBuilder()
                                                .setId(id)
                                                .setExecId(second)
                                                .build())
                                .getExitStatus();
            }
            case "kill" -> {
                tasks.kill(
                        Shim.CALL,
                        KillRequest.newBuilder().setId(id).setSignal(9).build());
                return "ok";
            }
            case "resize" -> {
                tasks.resizePty(
                        Shim.CALL,
                        ResizePtyRequest.newBuilder()
                                .setId(id)
                                .setWidth(99)
                                .setHeight(33)
                                .build());
                return "ok";
            }
            case "closeio" -> {
                tasks.closeIo(
                        Shim.CALL,
                        CloseIORequest.newBuilder().setId(id).setStdin(true).build());
                return "ok";
            }
            case "delete" -> {
                return ""
                        + tasks.delete(
                                        Shim.CALL,
                                        DeleteRequest.newBuilder()
                                                .setId(id)
                                                .setExecId(second)
                                                .build())
                                .getExitStatus();
            }
            case "state" -> {
                return tasks.state(
                                Shim.CALL,
                                StateRequest.newBuilder()
                                        .setId(id)
                                        .setExecId(second)
                                        .build())
                        .getStatus()
                        .name();
            }
            case "exits" -> {
                List<String> exits = new ArrayList<>();
                context.events().forEach(event -> {
                    if (event.message() instanceof TaskExit exit) {
                        exits.add(exit.getId() + "=" + exit.getExitStatus());
                    }
                });
                return String.join(" ", exits);
            }
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private static CreateTaskRequest create(Path work, String[] words) {
        Options options = Options.newBuilder()
                .setRoot(work.resolve("engine").toString())
                .setBinaryName(Shim.ENGINE)
                .setShimCgroup(words.length > 6 ? words[6] : "")
                .build();
        return CreateTaskRequest.newBuilder()
                .setId(words[1])
                .setBundle(words[2])
                .setStdin(words[3])
                .setStdout(words[4])
                .setTerminal(words[5].equals("terminal"))
                .setOptions(Shim.options(options))
                .build();
    }
}
