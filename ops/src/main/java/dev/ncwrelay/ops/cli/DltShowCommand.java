package dev.ncwrelay.ops.cli;

import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import org.apache.kafka.common.header.Header;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** One dead letter with its headers and, when it is asked for, its bytes. */
@Command(name = "show", description = "Shows one dead letter.", mixinStandardHelpOptions = true)
public final class DltShowCommand implements Callable<Integer> {

    private final PrintWriter out;

    @ParentCommand
    private DltCommand dlt = new DltCommand();

    @Parameters(paramLabel = "<id>", description = "as list prints it: topic@partition:offset")
    private String id = "";

    @Option(names = "--payload", description = "print the bytes too, which may be confidential")
    private boolean payload;

    public DltShowCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        var letter = DltCommand.letter(dlt.box(), id);
        DltCommand.line(out, letter);
        for (Header header : letter.record().headers()) {
            out.printf("  %-20s %s%n", header.key(), text(header.value()));
        }
        if (payload && letter.size() > 0) {
            out.println();
            out.println(text(letter.record().value()));
        }
        return 0;
    }

    /** UTF-8 where it is that and nothing but printable characters, else hexadecimal. */
    private static String text(byte[] bytes) {
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (text.codePoints().noneMatch(Character::isISOControl)) {
                return text;
            }
        } catch (CharacterCodingException e) {
            // Hexadecimal, then.
        }
        return "0x" + HexFormat.of().formatHex(bytes);
    }
}
