package dev.wharf.client;

/** The wires a client speaks. */
public enum Transport {
    /** ttRPC, to wharfd. */
    TTRPC("ttrpc"),
    /** gRPC, to any other containerd. */
    GRPC("grpc");

    private final String text;

    Transport(String text) {
        this.text = text;
    }

    /** The name in lower case. */
    public String text() {
        return text;
    }
}
