package dev.wharf.shim.rpc;

import com.google.protobuf.Any;
import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.wharf.api.services.transfer.v1.TransferGrpc;
import dev.wharf.api.services.transfer.v1.TransferRequest;
import dev.wharf.api.types.transfer.ContainerPath;
import dev.wharf.api.types.transfer.ReadStream;
import dev.wharf.api.types.transfer.WriteStream;
import dev.wharf.shim.Call;
import dev.wharf.shim.ShimException;
import dev.wharf.shim.TransferService;
import dev.wharf.streams.Envelopes;
import dev.wharf.streams.StreamCall;
import dev.wharf.streams.WindowedInput;
import dev.wharf.streams.WindowedOutput;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transfer service, with the streaming service beside it, over a runtime's files of containers.
 *
 * <p>A transfer's streams end with it: with its failure, so that nobody takes half an archive for a whole one.
 */
public final class TransferMethods {
    private static final Logger LOG = LoggerFactory.getLogger(TransferMethods.class);
    private static final String KNOWN = "containerd.types.transfer.";
    private static final String TAR = "application/x-tar";

    /** How long a client may be silent within a transfer. */
    private static final Duration IDLE = Duration.ofMinutes(10);

    /** What a client may still send after the end of its archive, and for how long: tar programs pad. */
    private static final long REST = 1 << 20;

    private static final Duration REST_TIME = Duration.ofSeconds(2);

    private final TransferService files;
    private final OpenStreams streams;

    private TransferMethods(TransferService files, OpenStreams streams) {
        this.files = files;
        this.streams = streams;
    }

    /**
     * The services to serve.
     *
     * @param having tells the namespaces that have a container with an id
     * @param busy counts transfers
     * @param namespace of callers that name none; empty where they are refused
     */
    public static List<ServerServiceDefinition> of(
            TransferService files, Function<String, Stream<String>> having, Busy busy, String namespace) {
        OpenStreams streams = new OpenStreams();
        TransferMethods methods = new TransferMethods(files, streams);
        Namespaces namespaces = new Namespaces(having, namespace);
        ServerServiceDefinition transfers = ServerServiceDefinition.builder(TransferGrpc.SERVICE_NAME)
                .addMethod(
                        TransferGrpc.getTransferMethod(),
                        new UnaryHandler<>(
                                busy.during(methods::transfer), true, request -> namespaces.of(container(request))))
                .build();
        return List.of(StreamMethods.of(streams, namespace), transfers);
    }

    /** The container that a request is about; empty where it is about none. */
    private static String container(TransferRequest request) {
        Any end = isPath(request.getSource()) ? request.getSource() : request.getDestination();
        return isPath(end) ? open(end, ContainerPath.parser()).getContainerId() : "";
    }

    private Empty transfer(Call call, TransferRequest request) throws InterruptedException {
        String progress = request.getOptions().getProgressStream();
        StreamCall told = progress.isEmpty() ? null : streams.claim(call.namespace(), progress);
        try {
            transfer(call, request.getSource(), request.getDestination());
            return Empty.getDefaultInstance();
        } finally {
            if (told != null) {
                told.close();
            }
        }
    }

    private void transfer(Call call, Any source, Any destination) throws InterruptedException {
        requireKnown(source);
        requireKnown(destination);
        if (isPath(destination) && Envelopes.is(source, ReadStream.getDefaultInstance())) {
            copyTo(call, open(source, ReadStream.parser()), open(destination, ContainerPath.parser()));
        } else if (isPath(source) && Envelopes.is(destination, WriteStream.getDefaultInstance())) {
            copyFrom(call, open(source, ContainerPath.parser()), open(destination, WriteStream.parser()));
        } else {
            throw ShimException.unimplemented(
                    "method Transfer not implemented for " + source.getTypeUrl() + " to " + destination.getTypeUrl());
        }
    }

    /** As containerd answers for types nobody has heard of; an empty one is what those send who ask for the service. */
    private static void requireKnown(Any end) {
        String url = end.getTypeUrl();
        if (!url.substring(url.lastIndexOf('/') + 1).startsWith(KNOWN)) {
            throw ShimException.notFound("type with url " + url);
        }
    }

    private static boolean isPath(Any end) {
        return Envelopes.is(end, ContainerPath.getDefaultInstance());
    }

    private static <T extends Message> T open(Any end, Parser<T> parser) {
        try {
            return parser.parseFrom(end.getValue());
        } catch (InvalidProtocolBufferException e) {
            throw ShimException.invalidArgument("message " + end.getTypeUrl() + ": " + e.getMessage());
        }
    }

    private void copyTo(Call call, ReadStream from, ContainerPath to) throws InterruptedException {
        during(call, from.getStream(), from.getMediaType(), stream -> {
            WindowedInput archive = new WindowedInput(stream, IDLE);
            files.copyTo(call, to, archive);
            skipRest(archive);
        });
    }

    private static void skipRest(WindowedInput archive) {
        try {
            archive.skipRest(REST, REST_TIME);
        } catch (StatusRuntimeException e) {
            LOG.debug("client did not end its archive", e);
        }
    }

    private void copyFrom(Call call, ContainerPath from, WriteStream to) throws InterruptedException {
        during(
                call,
                to.getStream(),
                to.getMediaType(),
                stream -> files.copyFrom(call, from, new WindowedOutput(stream, IDLE)));
    }

    private interface Copying {
        void over(StreamCall stream) throws InterruptedException;
    }

    private void during(Call call, String name, String mediaType, Copying copying) throws InterruptedException {
        StreamCall stream = streams.claim(call.namespace(), name);
        try {
            if (!mediaType.isEmpty() && !mediaType.equals(TAR)) {
                throw ShimException.unimplemented("unsupported media type \"" + mediaType + "\", not " + TAR);
            }
            copying.over(stream);
            stream.close();
        } catch (InterruptedException | RuntimeException | Error thrown) {
            stream.fail(Statuses.of(thrown, "Transfer").asRuntimeException());
            throw thrown;
        }
    }
}
