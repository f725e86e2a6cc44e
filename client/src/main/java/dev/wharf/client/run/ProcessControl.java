package dev.wharf.client.run;

/** What the side of a process that faces people can ask of it. A process that has ended ignores it all. */
public interface ProcessControl {
    /** Sets the size of its terminal, in characters. */
    void resize(int width, int height);

    /** Closes its input. */
    void closeInput();

    /** Sends it a signal. */
    void signal(int number);
}
