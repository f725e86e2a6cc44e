package dev.wharf.cmd.wharf;

import dev.wharf.cmd.wharf.command.Globals;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;

/** One line on what failed and what to do next. */
final class Complaint {
    private Complaint() {}

    static String of(Exception failure, Globals globals) {
        return switch (failure) {
            case WharfException e -> of(e, globals).replace('\n', ' ');
            case RuntimeException e -> e.toString().replace('\n', ' ');
            default -> text(failure);
        };
    }

    private static String of(WharfException failure, Globals globals) {
        String message = failure.getMessage();
        return switch (failure.kind()) {
            case UNAVAILABLE -> unreachable(message, globals);
            case PERMISSION_DENIED ->
                message.startsWith("connect to ")
                        ? message + "; the daemon's socket is for root: use sudo, or name another with --address"
                        : message;
            case NOT_FOUND -> notFound(message, globals);
            case FAILED_PRECONDITION ->
                message.startsWith("remove container ") ? message + "; kill it first, or use --force" : message;
            case ALREADY_EXISTS -> message + "; choose another name, or remove it with: wharf rm";
            case UNAUTHENTICATED -> message + "; name a user with --user";
            default -> message;
        };
    }

    private static String unreachable(String message, Globals globals) {
        String found = message.startsWith("connect to ") || message.contains("ttrpc: closed") ? message : "";
        String reason = found.isEmpty() ? message : found.replace(": " + ErrorKind.UNAVAILABLE.text(), "");
        return "no daemon answers at " + globals.address() + " (" + reason
                + "); is wharfd running? start it, or name its socket with --address";
    }

    /** Daemons say what was not found in many words; the ones below have an obvious next step. */
    private static String notFound(String message, Globals globals) {
        boolean container = message.contains("container") || message.contains("task");
        return container ? message + "; list containers with: wharf -n " + globals.namespace() + " ps" : message;
    }

    private static String text(Exception failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }
}
