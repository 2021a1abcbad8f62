import Testing

@testable import WeirExchange

@Suite("Arguments in words")
struct ArgumentWordsSpecs {
    @Test(
        "They are those of a POSIX shell",
        arguments: [
            (#"one  'two three' "four five""#, ["one", "two three", "four five"]),
            (#"--match "^\d+$""#, ["--match", #"^\d+$"#]), (#""a\"b\\c\`d\$e""#, [#"a"b\c`d$e"#]),
            (#""\n\'""#, [#"\n\'"#]), (#"\d a\ b \'"#, ["d", "a b", "'"]), (#"'\d\'"#, [#"\d\"#]),
            (#"a"b"'c'd ''"#, ["abcd", ""]), ("one \\\n two\\\nthree \"a\\\nb\"", ["one", "twothree", "ab"]),
            (#"end\"#, [#"end\"#]), (#"one \"#, ["one", #"\"#]), (#""open\"#, [#"open\"#]), ("", []),
        ])
    func words(_ line: String, _ words: [String]) {
        #expect(ArgumentWords.words(line) == words)
    }
}
