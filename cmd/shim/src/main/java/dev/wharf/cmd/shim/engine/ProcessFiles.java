package dev.wharf.cmd.shim.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How an engine tells what it started.
 *
 * @param pid file it writes the pid to
 * @param console socket it sends the terminal to; empty for none
 */
public record ProcessFiles(Path pid, Optional<Path> console) {
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("--pid-file", pid.toString()));
        console.ifPresent(socket -> arguments.addAll(List.of("--console-socket", socket.toString())));
        return arguments;
    }
}
