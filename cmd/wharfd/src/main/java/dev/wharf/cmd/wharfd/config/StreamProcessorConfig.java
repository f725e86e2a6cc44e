package dev.wharf.cmd.wharfd.config;

import java.util.List;

/**
 * {@code [stream_processors.ID]}: a program that turns one kind of layer into another.
 *
 * @param accepts media types it takes
 * @param returns media type it gives
 * @param path the program
 * @param args its arguments
 * @param env its environment
 */
public record StreamProcessorConfig(
        List<String> accepts, String returns, String path, List<String> args, List<String> env) {
    static StreamProcessorConfig read(Section section) {
        return new StreamProcessorConfig(
                section.texts("accepts", List.of()),
                section.text("returns", ""),
                section.text("path", ""),
                section.texts("args", List.of()),
                section.texts("env", List.of()));
    }
}
