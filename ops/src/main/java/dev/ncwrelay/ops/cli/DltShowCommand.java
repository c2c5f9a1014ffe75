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

/** Prints a dead letter with its headers and, on request, its bytes. */
@Command(name = "show", description = "Shows one dead letter.", mixinStandardHelpOptions = true)
final class DltShowCommand implements Callable<Integer> {

    private final PrintWriter out;

    @ParentCommand
    private DltCommand dlt = new DltCommand();

    @Parameters(paramLabel = "<id>", description = "as printed by list: topic@partition:offset")
    private String id = "";

    @Option(names = "--payload", description = "also print the bytes, which may be confidential")
    private boolean payload;

    DltShowCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        var letter = DltCommand.letter(dlt.deadLetters(), id);
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

    /** As text if it is valid UTF-8 without control characters, otherwise hexadecimal. */
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
            // Printed as hexadecimal.
        }
        return "0x" + HexFormat.of().formatHex(bytes);
    }
}
