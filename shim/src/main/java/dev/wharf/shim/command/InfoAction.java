package dev.wharf.shim.command;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.wharf.api.types.RuntimeInfo;
import dev.wharf.api.types.RuntimeVersion;
import dev.wharf.shim.Runtime;
import dev.wharf.shim.ShimException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** The flag {@code -info}: options of the runtime in, its description out, both as protobuf. */
final class InfoAction {
    private static final int MAX_OPTIONS = 10 << 20;

    private InfoAction() {}

    static void run(Runtime runtime, InputStream in, PrintStream out) throws IOException {
        RuntimeInfo.Builder info = runtime.info(options(in)).toBuilder();
        if (info.getName().isEmpty()) {
            info.setName(runtime.name());
        }
        if (!info.hasVersion()) {
            info.setVersion(RuntimeVersion.newBuilder()
                    .setVersion(VersionText.version(runtime))
                    .setRevision(VersionText.revision()));
        }
        info.build().writeTo(out);
        out.flush();
    }

    private static @Nullable Any options(InputStream in) throws IOException {
        byte[] read = in.readNBytes(MAX_OPTIONS);
        if (read.length == 0) {
            return null;
        }
        try {
            return Any.parseFrom(read);
        } catch (InvalidProtocolBufferException e) {
            throw ShimException.invalidArgument("options on standard input are no protobuf: " + e.getMessage());
        }
    }
}
