package dev.wharf.lib.registry;

import java.net.URI;
import java.util.List;
import java.util.Locale;

/**
 * A blob to be fetched.
 *
 * @param repository path of the repository
 * @param digest of the blob
 * @param size in bytes; -1 when it is not known
 * @param urls other places of the very same bytes, tried first; those not of the web are left out
 */
public record BlobRequest(String repository, String digest, long size, List<URI> urls) {
    /** The size of a blob nobody told. */
    public static final long UNKNOWN = -1;

    private static final int MAX_URLS = 16;

    public BlobRequest {
        RemoteDigest.checked(digest);
        if (size < UNKNOWN) {
            throw new RegistryException(RegistryException.Kind.INVALID, "blob " + digest + " has size " + size);
        }
        urls = urls.stream().filter(BlobRequest::isOfTheWeb).limit(MAX_URLS).toList();
    }

    /** A blob that is only in the registry. */
    public BlobRequest(String repository, String digest, long size) {
        this(repository, digest, size, List.of());
    }

    private static boolean isOfTheWeb(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        return url.getHost() != null
                && url.getRawUserInfo() == null
                && (scheme.equals("http") || scheme.equals("https"));
    }
}
