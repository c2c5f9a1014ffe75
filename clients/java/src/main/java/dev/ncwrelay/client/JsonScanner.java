package dev.ncwrelay.client;

/**
 * Reads one JSON text strictly (RFC 8259) from left to right. It skips values rather than build them, so the raw text of a
 * value is what is between two positions.
 */
final class JsonScanner {

    /** What Jackson accepts at most, and so the relay. */
    private static final int MAX_DEPTH = 1_000;

    private final String text;
    private int at;

    JsonScanner(String text) {
        this.text = text;
    }

    int position() {
        return at;
    }

    String since(int start) {
        return text.substring(start, at);
    }

    void skipWhitespace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    /** Consumes the character, if it is the next one. */
    boolean accept(char expected) {
        if (at < text.length() && text.charAt(at) == expected) {
            at++;
            return true;
        }
        return false;
    }

    void expect(char expected) {
        if (!accept(expected)) {
            throw malformed("'" + expected + "'");
        }
    }

    void expectEnd() {
        if (at < text.length()) {
            throw malformed("the end");
        }
    }

    void skipValue() {
        skipValue(0);
    }

    private void skipValue(int depth) {
        if (depth > MAX_DEPTH) {
            throw malformed("less depth");
        }
        switch (peek()) {
            case '{' -> skipObject(depth);
            case '[' -> skipArray(depth);
            case '"' -> skipString();
            case 't' -> skipWord("true");
            case 'f' -> skipWord("false");
            case 'n' -> skipWord("null");
            default -> skipNumber();
        }
    }

    private void skipObject(int depth) {
        expect('{');
        skipWhitespace();
        if (accept('}')) {
            return;
        }
        do {
            skipWhitespace();
            skipString();
            skipWhitespace();
            expect(':');
            skipWhitespace();
            skipValue(depth + 1);
            skipWhitespace();
        } while (accept(','));
        expect('}');
    }

    private void skipArray(int depth) {
        expect('[');
        skipWhitespace();
        if (accept(']')) {
            return;
        }
        do {
            skipWhitespace();
            skipValue(depth + 1);
            skipWhitespace();
        } while (accept(','));
        expect(']');
    }

    void skipString() {
        expect('"');
        while (!accept('"')) {
            char next = peek();
            if (next < ' ') {
                throw malformed("an escaped control character");
            }
            at++;
            if (next == '\\') {
                skipEscape();
            }
        }
    }

    private void skipEscape() {
        if (accept('u')) {
            for (int digit = 0; digit < 4; digit++) {
                if (Character.digit(peek(), 16) < 0 || peek() > 'f') {
                    throw malformed("a hexadecimal digit");
                }
                at++;
            }
            return;
        }
        if ("\"\\/bfnrt".indexOf(peek()) < 0) {
            throw malformed("an escape");
        }
        at++;
    }

    private void skipWord(String word) {
        if (!text.startsWith(word, at)) {
            throw malformed(word);
        }
        at += word.length();
    }

    private void skipNumber() {
        accept('-');
        if (!accept('0')) {
            skipDigits();
        }
        if (accept('.')) {
            skipDigits();
        }
        if (accept('e') || accept('E')) {
            if (!accept('+')) {
                accept('-');
            }
            skipDigits();
        }
    }

    private void skipDigits() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            throw malformed("a digit");
        }
    }

    private char peek() {
        if (at == text.length()) {
            throw malformed("more");
        }
        return text.charAt(at);
    }

    private MalformedJsonException malformed(String expected) {
        return new MalformedJsonException(expected, at);
    }
}
