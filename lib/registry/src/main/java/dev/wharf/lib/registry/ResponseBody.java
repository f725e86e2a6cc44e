package dev.wharf.lib.registry;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;

/**
 * The body of an answer. Read to its end, the connection is kept for the next request; closed before, the connection is
 * closed at once, by whatever thread, and a read under way fails.
 */
final class ResponseBody extends FilterInputStream {
    private final HttpUriRequestBase request;
    private final ClassicHttpResponse response;
    private volatile boolean ended;

    private ResponseBody(InputStream body, HttpUriRequestBase request, ClassicHttpResponse response) {
        super(body);
        this.request = request;
        this.response = response;
    }

    /** The body of an answer to a request; an empty one when there is none. */
    static InputStream of(HttpUriRequestBase request, ClassicHttpResponse response) throws IOException {
        if (response.getEntity() == null) {
            response.close();
            return InputStream.nullInputStream();
        }
        return new ResponseBody(response.getEntity().getContent(), request, response);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = in.read(target, offset, length);
        if (count < 0) {
            ended = true;
        }
        return count;
    }

    /** Does not wait for what is left, as the stream below would: there is no connection any more that it could come by. */
    @Override
    public void close() throws IOException {
        if (ended) {
            response.close();
            return;
        }
        request.cancel();
        try {
            response.close();
        } catch (IOException e) {
            // That something was left, which nobody wants.
            return;
        }
    }
}
