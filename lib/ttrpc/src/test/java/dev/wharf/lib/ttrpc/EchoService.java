package dev.wharf.lib.ttrpc;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import com.google.rpc.Status;
import dev.wharf.lib.ttrpc.test.EchoGrpc;
import dev.wharf.lib.ttrpc.test.Word;
import io.grpc.Context;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** The service the tests call; the text of a request says what is to happen. */
final class EchoService extends EchoGrpc.EchoImplBase {
    /** One permit for each handler that has begun to wait. */
    final Semaphore waiting = new Semaphore(0);

    /** One permit for each waiting handler whose context was cancelled. */
    final Semaphore cancelled = new Semaphore(0);

    /** Lets handlers asked to "hold" go on. */
    final CountDownLatch release = new CountDownLatch(1);

    /** How many "big" answers were made. */
    final AtomicInteger big = new AtomicInteger();

    /** What handlers asked to be "broken" do. */
    volatile Runnable failure = () -> {};

    @Override
    public void say(Word request, StreamObserver<Word> answer) {
        switch (request.getText()) {
            case "broken" -> failure.run();
            case "details" -> answer.onError(StatusProto.toStatusRuntimeException(detailed()));
            case "throw" -> throw new IllegalStateException("handler is broken");
            case "nothing" -> answer.onCompleted();
            case "deadline" -> one(answer, String.valueOf(Context.current().getDeadline() != null));
            case "wait" -> awaitCancel();
            case "hold" -> {
                hold();
                one(answer, "held");
            }
            case "big" -> {
                big.incrementAndGet();
                answer.onNext(Word.newBuilder()
                        .setBlob(ByteString.copyFrom(new byte[request.getTimes()]))
                        .build());
                answer.onCompleted();
            }
            default -> {
                answer.onNext(request);
                answer.onCompleted();
            }
        }
    }

    static Status detailed() {
        return Status.newBuilder()
                .setCode(Code.NOT_FOUND_VALUE)
                .setMessage("container \"c1\": not found")
                .addDetails(Any.pack(Word.newBuilder().setText("why").build()))
                .build();
    }

    private static void one(StreamObserver<Word> answer, String text) {
        answer.onNext(word(text));
        answer.onCompleted();
    }

    static Word word(String text) {
        return Word.newBuilder().setText(text).build();
    }

    private void hold() {
        waiting.release();
        try {
            release.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitCancel() {
        CountDownLatch done = new CountDownLatch(1);
        Context.current().addListener(context -> done.countDown(), Runnable::run);
        waiting.release();
        try {
            done.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        cancelled.release();
    }

    @Override
    public void repeat(Word request, StreamObserver<Word> answer) {
        for (int i = 0; i < request.getTimes(); i++) {
            answer.onNext(request);
        }
        if (request.getText().equals("fail")) {
            answer.onError(StatusProto.toStatusRuntimeException(detailed()));
        } else {
            answer.onCompleted();
        }
    }

    @Override
    public StreamObserver<Word> join(StreamObserver<Word> answer) {
        StringBuilder joined = new StringBuilder();
        return new Collecting(answer) {
            @Override
            public void onNext(Word word) {
                if (word.getText().equals("hold")) {
                    hold();
                }
                if (word.getText().equals("broken")) {
                    failure.run();
                }
                joined.append(word.getText());
            }

            @Override
            public void onCompleted() {
                one(answer, joined.toString());
            }
        };
    }

    @Override
    public StreamObserver<Word> talk(StreamObserver<Word> answer) {
        return new Collecting(answer) {
            @Override
            public void onNext(Word word) {
                answer.onNext(word);
            }

            @Override
            public void onCompleted() {
                answer.onCompleted();
            }
        };
    }

    private abstract class Collecting implements StreamObserver<Word> {
        final StreamObserver<Word> answer;

        Collecting(StreamObserver<Word> answer) {
            this.answer = answer;
        }

        @Override
        public void onError(Throwable cut) {
            cancelled.release();
        }
    }
}
