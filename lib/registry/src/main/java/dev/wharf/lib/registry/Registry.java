package dev.wharf.lib.registry;

import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.io.CloseMode;

/**
 * A registry at one host: manifests by tag or digest, blobs by digest, uploads. Safe for several threads.
 *
 * <p>All calls block, within the deadlines of {@link RegistryOptions}, and throw {@link RegistryException}. An interrupt
 * of a virtual thread ends them at once, that of another at the next deadline.
 */
public final class Registry implements AutoCloseable {
    private static final Pattern OBJECT = Pattern.compile("\\w[\\w.-]{0,127}");

    private final RegistryHost host;
    private final CloseableHttpClient client;
    private final ManifestEndpoint manifests;
    private final BlobEndpoint blobs;
    private final UploadEndpoint uploads;
    private final ReferrersEndpoint referrers;

    /** A client of the registry at a host. Its TLS files are read; no connection is made yet. */
    public Registry(RegistryHost host, Credentials.Provider credentials, RegistryOptions options) {
        this.host = host;
        this.client = HttpClients.of(host, options);
        HttpTransport transport = new HttpTransport(client, options);
        RegistryConnection connection = new RegistryConnection(host, transport, credentials, options);
        this.manifests = new ManifestEndpoint(connection, options);
        this.blobs = new BlobEndpoint(connection);
        this.uploads = new UploadEndpoint(connection);
        this.referrers = new ReferrersEndpoint(connection, manifests, options);
    }

    /** What became of a pushed blob. */
    public enum PushOutcome {
        /** The repository had it. */
        PRESENT,
        /** The registry took it from another repository. */
        MOUNTED,
        /** Its bytes were sent. */
        UPLOADED
    }

    /** The host it talks to. */
    public RegistryHost host() {
        return host;
    }

    /**
     * What a tag or digest names: media type, digest and size, without the document itself. A digest that names no
     * manifest can name a blob.
     *
     * @param repository path of the repository, e.g. {@code library/busybox}
     * @param reference tag or digest
     */
    public RemoteDescriptor resolve(String repository, String reference) {
        String path = checkedRepository(repository);
        String object = checkedReference(reference);
        try {
            return manifests.resolve(path, object);
        } catch (RegistryException e) {
            if (e.kind() != RegistryException.Kind.NOT_FOUND || !RemoteDigest.isDigest(object)) {
                throw e;
            }
            return blobs.stat(path, object, "repository:" + path + ":pull").orElseThrow(() -> e);
        }
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
        return open(repository, digest, BlobRange.startingAt(offset)).body();
    }

    BlobEndpoint.Opened open(String repository, String digest, BlobRange range) {
        return blobs.open(checkedRepository(repository), RemoteDigest.checked(digest), range);
    }

    BlobEndpoint.Opened openAt(URI url, BlobRange range) {
        return blobs.openAt(url, range);
    }

    /** What refers to a manifest, such as signatures; {@code artifactType} empty for all. */
    public List<Referrer> referrers(String repository, String digest, String artifactType) {
        return referrers.list(checkedRepository(repository), RemoteDigest.checked(digest), artifactType);
    }

    /** Whether the repository has the blob, and how large it is there; asked with the right to push. */
    public Optional<RemoteDescriptor> stat(String repository, String digest) {
        String path = checkedRepository(repository);
        return blobs.stat(path, RemoteDigest.checked(digest), UploadEndpoint.scope(path));
    }

    /**
     * Sees to it that the repository has a blob: nothing is sent when it has it, or when the registry takes it from one of
     * {@code mountFrom}, repositories that may have it.
     */
    public PushOutcome push(String repository, RemoteDescriptor blob, BlobContent content, List<String> mountFrom) {
        String path = checkedRepository(repository);
        if (stat(path, blob.digest()).isPresent()) {
            return PushOutcome.PRESENT;
        }
        List<String> others = mountFrom.stream()
                .filter(other -> !other.equals(path))
                .map(this::checkedRepository)
                .toList();
        if (uploads.mountFirst(path, blob.digest(), others).isPresent()) {
            return PushOutcome.MOUNTED;
        }
        uploads.upload(path, blob, content);
        return PushOutcome.UPLOADED;
    }

    /** Stores a manifest or index under a tag or its digest; what it names has to be there. */
    public void putManifest(String repository, String reference, String mediaType, byte[] document) {
        manifests.put(checkedRepository(repository), checkedReference(reference), mediaType, document.clone());
    }

    /** Only what a reference allows may become part of a URL. */
    private String checkedRepository(String repository) {
        return new Reference("registry", repository, null, null).path();
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
        client.close(CloseMode.IMMEDIATE);
    }
}
