package dev.wharf.lib.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PtyTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void sizeSetOnTheMasterIsSeenByPrograms() throws IOException {
        try (Pty pty = Pty.open()) {
            Terminal.resize(pty.master(), new WindowSize(41, 121));
            assertThat(Terminal.size(pty.master())).isEqualTo(new WindowSize(41, 121));
            assertThat(run(pty, "stty size; tty; [ -t 2 ] && echo yes"))
                    .isEqualTo("41 121\r\n" + pty.terminal() + "\r\nyes\r\n");
        }
    }

    @Test
    void programHasTheTerminalAsItsControllingOne() throws IOException {
        try (Pty pty = Pty.open()) {
            assertThat(run(pty, "echo through >/dev/tty")).isEqualTo("through\r\n");
        }
    }

    @Test
    void controllingTerminalIsTakenAlsoWhenAllStandardDescriptorsAreGiven() {
        try (Pty pty = Pty.open();
                Pipe pipe = Pipe.create();
                Child child = Spawn.command("sh", "-c", "echo through >/dev/tty")
                        .fd(0, pipe.reader())
                        .fd(1, pipe.writer())
                        .fd(2, pipe.writer())
                        .terminal(pty.terminal())
                        .start()) {
            assertThat(child.waitFor(LONG)).contains(new ExitStatus.Exited(0));
            byte[] buffer = new byte[20];
            int count = FileIo.read(pty.master(), buffer, 0, buffer.length);
            assertThat(new String(buffer, 0, count, StandardCharsets.US_ASCII)).isEqualTo("through\r\n");
        }
    }

    @Test
    void rawModePassesBytesAsTheyAreAndIsTakenBack() {
        try (Pty pty = Pty.open();
                Fd terminal = Fd.open(pty.terminal(), OpenFlags.O_RDWR | OpenFlags.O_NOCTTY)) {
            assertThat(Terminal.isTerminal(terminal)).isTrue();
            TerminalMode before = Terminal.makeRaw(terminal);
            FileIo.writeFully(terminal, new byte[] {'\n'});
            byte[] buffer = new byte[10];
            assertThat(FileIo.read(pty.master(), buffer, 0, 10)).isEqualTo(1);
            Terminal.setMode(terminal, before);
            FileIo.writeFully(terminal, new byte[] {'\n'});
            assertThat(FileIo.read(pty.master(), buffer, 0, 10)).isEqualTo(2);
            assertThat(Terminal.mode(terminal)).isEqualTo(before).isNotEqualTo(before.raw());
        }
    }

    @Test
    void fileIsNoTerminal() {
        try (Fd none = Fd.open(Path.of("/dev/null"), OpenFlags.O_RDONLY)) {
            assertThat(Terminal.isTerminal(none)).isFalse();
        }
    }

    private static String run(Pty pty, String script) throws IOException {
        try (Child child = Spawn.command("sh", "-c", script)
                        .terminal(pty.terminal())
                        .start();
                FdInputStream in = new FdInputStream(pty.master().duplicate())) {
            String output = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(child.waitFor(LONG)).isPresent();
            return output;
        }
    }
}
