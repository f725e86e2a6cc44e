package dev.wharf.lib.ttrpc;

import static dev.wharf.lib.ttrpc.EchoServer.blocking;
import static dev.wharf.lib.ttrpc.EchoService.word;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.util.Objects;
import jdk.net.UnixDomainPrincipal;
import org.junit.jupiter.api.Test;

final class PeerCheckTest {
    private static UserPrincipal user(String id) throws Exception {
        return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(id);
    }

    private static GroupPrincipal group(String id) throws Exception {
        return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByGroupName(id);
    }

    @Test
    void thisProcessIsAllowed() throws Exception {
        try (EchoServer echo = new EchoServer();
                TtrpcChannel channel = echo.connect();
                SocketChannel socket = echo.connectRaw()) {
            assertThat(blocking(channel).say(word("x"))).isEqualTo(word("x"));
            assertThat(PeerCheck.sameUser().allows(PeerCheck.peer(socket))).isTrue();
        }
    }

    @Test
    void otherUsersAndGroupsAreRefused() throws Exception {
        PeerCheck check = PeerCheck.sameUser();
        UnixDomainPrincipal self = self();
        assertThat(check.allows(self)).isTrue();
        assertThat(check.allows(new UnixDomainPrincipal(user("12345"), self.group())))
                .isFalse();
        assertThat(check.allows(new UnixDomainPrincipal(self.user(), group("12345"))))
                .isFalse();
        assertThat(check.allows(null)).isFalse();
    }

    @Test
    void aServerClosesOnStrangersUnlessItIsToldNotToLook() throws Exception {
        PeerCheck somebodyElse = new PeerCheck(user("12345"), group("12345"));
        try (EchoServer echo = new EchoServer(settings -> settings.peerCheck(somebodyElse));
                RawPeer stranger = new RawPeer(echo.connectRaw())) {
            assertThat(stranger.frames().next()).isNull();
        }
        try (EchoServer echo = new EchoServer(
                        settings -> settings.peerCheck(somebodyElse).requireSameUser(false));
                TtrpcChannel channel = echo.connect()) {
            assertThat(blocking(channel).say(word("x"))).isEqualTo(word("x"));
        }
    }

    private static UnixDomainPrincipal self() throws Exception {
        try (EchoServer echo = new EchoServer();
                SocketChannel socket = echo.connectRaw()) {
            return Objects.requireNonNull(PeerCheck.peer(socket));
        }
    }
}
