package dev.ncwrelay.delivery;

import static java.lang.Integer.parseInt;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Many waiting clients without a thread each: connections that have sent one request and are read on demand. */
final class Crowd implements AutoCloseable {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final InetSocketAddress server;
    private final InetAddress from;
    private final String token;
    private final List<Client> clients = new ArrayList<>();

    /**
     * Creates it.
     *
     * @param host its clients come from 127.0.0.{@code host}, which has ports for some 28,000
     */
    Crowd(int port, int host, String token) throws UnknownHostException {
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.from = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) host});
        this.token = token;
    }

    /** Opens connections from a separate process: port, token, host, streams, polls, WebSockets, then the devices. */
    public static void main(String[] arguments) throws IOException {
        var devices = List.of(arguments).subList(6, arguments.length);
        try (var crowd = new Crowd(parseInt(arguments[0]), parseInt(arguments[2]), arguments[1])) {
            crowd.stream(devices, parseInt(arguments[3]));
            crowd.poll(devices, parseInt(arguments[4]));
            crowd.socket(devices, parseInt(arguments[5]));
            // Until the parent process ends it or exits.
            while (System.in.read() >= 0) {
                crowd.read();
            }
        }
    }

    private record Client(SocketChannel channel, StringBuilder got) {}

    /** Opens event streams of these devices, in turn. */
    void stream(List<String> devices, int count) throws IOException {
        open(devices, count, "/v1/devices/%s/stream?after=latest", "", "");
    }

    /** Holds polls of these devices, in turn. */
    void poll(List<String> devices, int count) throws IOException {
        open(devices, count, "/v1/devices/%s/messages?wait=50&after=latest", "", "");
    }

    /** Opens WebSockets of these devices, in turn. */
    void socket(List<String> devices, int count) throws IOException {
        var hello = new String(SlowConsumerTest.masked("{\"type\":\"hello\",\"after\":\"latest\"}"), ISO_8859_1);
        open(devices, count, "/v1/devices/%s/ws", String.join("\r\n", RawConnection.UPGRADE) + "\r\n", hello);
    }

    /** Reads what has arrived. */
    void read() throws IOException {
        var buffer = ByteBuffer.allocate(BUFFER_BYTES);
        for (var client : clients) {
            buffer.clear();
            while (client.channel.read(buffer) > 0) {
                client.got.append(ISO_8859_1.decode(buffer.flip()));
                buffer.clear();
            }
        }
    }

    /** Number of connections that received this text. */
    long having(String text) {
        return clients.stream().filter(client -> client.got.indexOf(text) >= 0).count();
    }

    @Override
    public void close() throws IOException {
        for (var client : clients) {
            client.channel.close();
        }
    }

    private void open(List<String> devices, int count, String path, String headers, String then) throws IOException {
        for (int one = 0; one < count; one++) {
            var channel = SocketChannel.open();
            channel.bind(new InetSocketAddress(from, 0));
            channel.connect(server);
            var request = "GET " + path.formatted(devices.get(one % devices.size()))
                    + " HTTP/1.1\r\nHost: any\r\nAuthorization: Bearer " + token + "\r\n" + headers + "\r\n" + then;
            channel.write(ByteBuffer.wrap(request.getBytes(ISO_8859_1)));
            channel.configureBlocking(false);
            clients.add(new Client(channel, new StringBuilder()));
        }
    }
}
