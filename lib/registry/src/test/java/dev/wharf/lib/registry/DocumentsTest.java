package dev.wharf.lib.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.lib.registry.RegistryException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentsTest {
    private static final String DIGEST = "sha256:" + "a".repeat(64);

    private static byte[] json(String text) {
        return text.replace('\'', '"').replace("DIGEST", DIGEST).getBytes(StandardCharsets.UTF_8);
    }

    private static final byte[] MANIFEST = json("""
            {'schemaVersion':2,'mediaType':'m','new':{'x':[1]},
             'config':{'mediaType':'c','digest':'DIGEST','size':3,'data':'eA=='},
             'layers':[{'mediaType':'l','digest':'DIGEST','size':4,'annotations':{'k':'v'},'urls':['http://x']}],
             'annotations':{'a':'b'}}""");

    @Test
    void manifestIsReadAndUnknownFieldsArePassedOver() {
        ImageManifest manifest = ImageManifest.parse(MANIFEST);
        assertThat(manifest.mediaType()).isEqualTo("m");
        assertThat(manifest.config()).isEqualTo(new RemoteDescriptor("c", DIGEST, 3));
        assertThat(manifest.layers()).containsExactly(new RemoteDescriptor("l", DIGEST, 4, Map.of("k", "v")));
        assertThat(manifest.annotations()).containsEntry("a", "b");
    }

    @Test
    void indexIsReadWithItsPlatforms() {
        ImageIndex index = ImageIndex.parse(json("""
                {'schemaVersion':2,'manifests':[
                 {'mediaType':'m','digest':'DIGEST','size':3,
                  'platform':{'os':'linux','architecture':'arm64','variant':'v8','os.version':'1','os.features':['f']}},
                 {'mediaType':'m','digest':'DIGEST','size':3}]}"""));
        ImageIndex.RemotePlatform platform = new ImageIndex.RemotePlatform("linux", "arm64", "v8", "1", List.of("f"));
        assertThat(index.manifests().getFirst().platform()).hasValue(platform);
        assertThat(index.manifests().getLast().platform()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{}",
                "{'schemaVersion':1}",
                "{'schemaVersion':2}",
                "{'schemaVersion':2,'config':{'digest':'DIGEST','size':-1}}",
                "{'schemaVersion':2,'config':{'digest':'DIGEST','size':1.5}}",
                "{'schemaVersion':2,'config':{'digest':'../../x','size':1}}",
                "{'schemaVersion':2,'config':{'digest':'DIGEST','size':1},'layers':{}}",
                "{'schemaVersion':2,'config':{'digest':'DIGEST','size':1},'layers':[1]}",
                "{'schemaVersion':2,'config':{'digest':'DIGEST','size':1},'manifests':[]}"
            })
    void brokenManifestIsRefused(String text) {
        assertThatThrownBy(() -> ImageManifest.parse(json(text))).isInstanceOf(RegistryException.class);
    }

    @Test
    void deepAndLongDocumentsAreRefused() {
        byte[] deep = ("{\"schemaVersion\":2,\"x\":" + "[".repeat(10_000)).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> ImageManifest.parse(deep)).isInstanceOf(RegistryException.class);
        String layer = "{'digest':'DIGEST','size':1},";
        byte[] many = json(
                "{'schemaVersion':2,'config':{'digest':'DIGEST','size':1},'layers':[" + layer.repeat(5000) + "{}]}");
        assertThatThrownBy(() -> ImageManifest.parse(many))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TOO_LARGE));
    }

    @Test
    void mutatedManifestsAreReadOrRefused() {
        Random random = new Random(7);
        for (int round = 0; round < 5000; round++) {
            byte[] mutant = MANIFEST.clone();
            mutant[random.nextInt(mutant.length)] = (byte) random.nextInt();
            try {
                ImageManifest.parse(mutant);
            } catch (RegistryException e) {
                assertThat(e.kind()).isIn(Kind.INVALID, Kind.UNSUPPORTED);
            }
        }
    }

    @Test
    void challengesAreRead() {
        List<Challenge> challenges = Challenge.parse(List.of(
                "Bearer realm=\"https://auth.test/t?a=b,c\",service=\"s \\\"q\\\"\",scope=repo",
                "Basic realm=x, Digest a=b"));
        assertThat(challenges).extracting(Challenge::scheme).containsExactly("bearer", "basic", "digest");
        assertThat(challenges.getFirst().parameter("realm")).isEqualTo("https://auth.test/t?a=b,c");
        assertThat(challenges.getFirst().parameter("service")).isEqualTo("s \"q\"");
        assertThat(Challenge.parse(List.of("", ",,,", "=", "Bearer realm=\"open", "\u0000\"")))
                .extracting(Challenge::scheme)
                .containsExactly("bearer");
    }
}
