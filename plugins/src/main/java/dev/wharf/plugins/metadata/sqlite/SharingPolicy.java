package dev.wharf.plugins.metadata.sqlite;

/** Whether a blob that one namespace has comes to another without its bytes being sent again. */
public enum SharingPolicy {
    /** It does, for whoever knows the digest. */
    SHARED,
    /** Only blobs of namespaces with the label {@code containerd.io/namespace.shareable=true}. */
    ISOLATED
}
