package dev.wharf.core.images;

/** Parses the documents of images; {@code INVALID_ARGUMENT} for what is none, within bounds of its own. */
public interface Documents {
    /** Parses a manifest. */
    Manifest manifest(byte[] document);

    /** Parses an index. */
    Index index(byte[] document);

    /** Parses a config. */
    Config config(byte[] document);
}
