package dev.wharf.cmd.wharf.command;

import dev.wharf.client.run.SpecMount;
import dev.wharf.cmd.wharf.args.UsageException;
import java.util.List;

/** Values of {@code --mount}, as ctr takes them: {@code type=bind,src=/a,dst=/b,options=rbind:ro}. */
final class MountOption {
    private MountOption() {}

    static SpecMount parse(String text) {
        String type = "bind";
        String source = "";
        String destination = "";
        List<String> options = List.of();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            String key = equals < 0 ? part : part.substring(0, equals);
            String value = part.substring(equals + 1);
            switch (key) {
                case "type" -> type = value;
                case "src", "source" -> source = value;
                case "dst", "target", "destination" -> destination = value;
                case "options" -> options = List.of(value.split(":", -1));
                default ->
                    throw new UsageException(
                            "--mount \"" + text + "\": \"" + key + "\" is none of type, src, dst, options");
            }
        }
        if (!destination.startsWith("/") || (type.equals("bind") && !source.startsWith("/"))) {
            throw new UsageException("--mount \"" + text + "\" needs absolute paths: type=bind,src=/a,dst=/b");
        }
        List<String> kept = options.isEmpty() && type.equals("bind") ? List.of("rbind") : options;
        return new SpecMount(type, source, destination, kept);
    }
}
