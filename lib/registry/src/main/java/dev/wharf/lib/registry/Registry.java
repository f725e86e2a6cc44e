package dev.wharf.lib.registry;

import java.io.InputStream;
import java.net.http.HttpClient;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/**
 * A registry at one host: manifests by tag or digest, blobs by digest. Safe for several threads.
 *
 * <p>All calls block, within the deadlines of {@link RegistryOptions}, and throw {@link RegistryException}. An interrupt
 * ends them.
 */
public final class Registry implements AutoCloseable {
    private static final Pattern OBJECT = Pattern.compile("\\w[\\w.-]{0,127}");

    private final RegistryHost host;
    private final ExecutorService executor;
    private final HttpClient client;
    private final ManifestEndpoint manifests;
    private final BlobEndpoint blobs;

    /** A client of the registry at a host. No connection is made yet. */
    public Registry(RegistryHost host, Credentials.Provider credentials, RegistryOptions options) {
        this.host = host;
        this.executor = Executors.newVirtualThreadPerTaskExecutor();
        // HTTP/1.1, so that each blob has a connection, and a flow control, of its own.
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(options.connectTimeout())
                .executor(executor)
                .build();
        HttpTransport transport = new HttpTransport(client, options);
        TokenEndpoint tokens = new TokenEndpoint(transport, host, options);
        Authorizer authorizer = new Authorizer(host, credentials, tokens, options);
        RegistryConnection connection = new RegistryConnection(host, transport, authorizer);
        this.manifests = new ManifestEndpoint(connection, options);
        this.blobs = new BlobEndpoint(connection, options);
    }

    /** The host it talks to. */
    public RegistryHost host() {
        return host;
    }

    /**
     * What a tag or digest names: media type, digest and size, without the document itself.
     *
     * @param repository path of the repository, e.g. {@code library/busybox}
     * @param reference tag or digest
     */
    public RemoteDescriptor resolve(String repository, String reference) {
        return manifests.resolve(checkedRepository(repository), checkedReference(reference));
    }

    /** The manifest or index a tag or digest names, its digest verified. */
    public RemoteManifest manifest(String repository, String reference) {
        return manifests.get(checkedRepository(repository), checkedReference(reference));
    }

    /**
     * Opens a blob. The bytes are not verified: who stores them has to. The stream throws an {@code IOException} when the
     * connection breaks or stalls; open again with the offset reached to resume. It must be closed.
     *
     * @param offset how many bytes to leave out at the start
     */
    public InputStream blob(String repository, String digest, long offset) {
        if (offset < 0) {
            throw new IllegalArgumentException("negative offset " + offset);
        }
        return blobs.open(checkedRepository(repository), RemoteDigest.checked(digest), offset);
    }

    /** Only what a reference allows may become part of a URL. */
    private String checkedRepository(String repository) {
        return new Reference(host.base().getAuthority(), repository, null, null).path();
    }

    private static String checkedReference(String reference) {
        if (!OBJECT.matcher(reference).matches()) {
            RemoteDigest.checked(reference);
        }
        return reference;
    }

    /** Breaks off what is under way and closes the connections. */
    @Override
    public void close() {
        client.shutdownNow();
        executor.shutdownNow();
    }
}
