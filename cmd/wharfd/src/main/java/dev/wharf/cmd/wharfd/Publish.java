package dev.wharf.cmd.wharfd;

import com.google.protobuf.Any;
import dev.wharf.api.services.events.v1.EventsGrpc;
import dev.wharf.api.services.events.v1.PublishRequest;
import dev.wharf.cmd.wharfd.Options.Flag;
import dev.wharf.cmd.wharfd.Options.UsageException;
import dev.wharf.cmd.wharfd.config.GrpcConfig;
import dev.wharf.cmd.wharfd.config.TtrpcConfig;
import dev.wharf.lib.ttrpc.TtrpcChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * {@code wharfd publish}: hands one event to the daemon. Shims of containerd 1.x and others call it, as the program
 * named by their {@code -publish-binary}. It speaks ttRPC, because HTTP/2 would take longer to load than to use.
 */
final class Publish {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MOST_BYTES = 4 << 20;

    private Publish() {}

    static int run(Options options, InputStream event) throws IOException {
        String topic = options.flag(Flag.TOPIC)
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> new UsageException("publish: --topic must be given"));
        Metadata headers = new Metadata();
        headers.put(
                Metadata.Key.of("containerd-namespace-ttrpc", Metadata.ASCII_STRING_MARSHALLER),
                options.flag(Flag.NAMESPACE).orElse(""));
        PublishRequest request = PublishRequest.newBuilder()
                .setTopic(topic)
                .setEvent(Any.parseFrom(event.readNBytes(MOST_BYTES)))
                .build();
        try (TtrpcChannel channel = TtrpcChannel.connect(socket(options), PATIENCE)) {
            EventsGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .publish(request);
        }
        return 0;
    }

    /** The daemon tells its shims where its ttRPC socket is; whoever else calls this knows the main one. */
    private static Path socket(Options options) {
        return Path.of(Optional.ofNullable(System.getenv("TTRPC_ADDRESS"))
                .filter(text -> !text.isEmpty())
                .orElseGet(() -> options.flag(Flag.ADDRESS).orElse(GrpcConfig.ADDRESS) + TtrpcConfig.SUFFIX));
    }
}
