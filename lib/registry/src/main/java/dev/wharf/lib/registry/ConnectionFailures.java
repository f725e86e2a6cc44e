package dev.wharf.lib.registry;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says why a connection failed, and what to do about it. */
final class ConnectionFailures {
    private static final int MAX_SHOWN = 300;

    private ConnectionFailures() {}

    /** The reason and the advice, one line. */
    static String explain(IOException e) {
        if (isTls(e)) {
            return "TLS: " + tls(e);
        }
        if (has(e, UnknownHostException.class)) {
            return "cannot reach the registry: its name is not known; check the name and the name service";
        }
        String reason = reason(e);
        if (reason.contains("407")) {
            return reason + "; the proxy wants a user and a password, give them in HTTP_PROXY or HTTPS_PROXY";
        }
        String advice = e instanceof ConnectException
                ? "; check the name, the network and whether it runs"
                : "; try again, and look into the network and the registry's log if that stays";
        return "cannot reach the registry: " + reason + advice;
    }

    /**
     * The same for a request by TLS. A server that misses a certificate of the client may have hung up by the time the
     * request is written, and then its alert is not read. Source: RFC 8446, section 4.4.2.4.
     */
    static String explainEncrypted(IOException e) {
        String lower = reason(e).toLowerCase(Locale.ROOT);
        boolean hungUp = lower.contains("broken pipe") || lower.contains("reset");
        return explain(e)
                + (hungUp
                        ? "; a registry that wants a client certificate breaks off like this, too: give one as client in"
                                + " the hosts.toml of the host"
                        : "");
    }

    /** Whether TLS failed, which no second attempt changes. */
    static boolean isTls(IOException e) {
        return e instanceof SSLException;
    }

    private static String tls(IOException e) {
        String reason = reason(e);
        String lower = (reason + " " + causes(e)).toLowerCase(Locale.ROOT);
        return reason + "; " + tlsAdvice(lower);
    }

    private static String tlsAdvice(String said) {
        if (said.contains("unable to find valid certification path")) {
            return "the certificate is of an authority that is not trusted: give its file as ca in the hosts.toml of the"
                    + " host, or add it to the system's";
        }
        if (said.contains("no name matching") || said.contains("subject alternative")) {
            return "the certificate is for another name: use that name, or have one made for this";
        }
        if (said.contains("notafter") || said.contains("expired") || said.contains("notbefore")) {
            return "the certificate is not valid now: have it renewed, and check the clock";
        }
        if (said.contains("unsupported or unrecognized")) {
            return "the port does not speak TLS: use plain HTTP (server = \"http://…\" in hosts.toml, or --plain-http)";
        }
        if (said.contains("certificate_required") || said.contains("bad_certificate")) {
            return "the registry wants a client certificate: give one as client in the hosts.toml of the host";
        }
        if (said.contains("protocol_version") || said.contains("handshake_failure")) {
            return "the two sides share no version or cipher of TLS, or a client certificate is wanted";
        }
        return "check the certificate and the TLS settings of the host in its hosts.toml";
    }

    private static String causes(IOException e) {
        StringBuilder all = new StringBuilder();
        Throwable cause = e.getCause();
        for (int depth = 0; cause != null && depth < 8; depth++) {
            all.append(cause).append(' ');
            cause = cause.getCause();
        }
        return all.toString();
    }

    private static boolean has(IOException e, Class<? extends Throwable> type) {
        Throwable cause = e;
        for (int depth = 0; cause != null && depth < 8; depth++) {
            if (type.isInstance(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static String reason(IOException e) {
        @Nullable String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : shown(message);
    }

    /** Text from a stranger, safe to print. */
    static String shown(String text) {
        String part = text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text;
        return part.replaceAll("\\p{Cntrl}", " ");
    }
}
