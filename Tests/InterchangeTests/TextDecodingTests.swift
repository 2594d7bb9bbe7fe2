import Testing

@testable import Interchange

@Suite struct `Text decoding` {
    @Test func `A byte order mark decides`() throws {
        let utf8 = try TextDecoding.decode([0xEF, 0xBB, 0xBF] + Array("東京都".utf8)).get()
        #expect(utf8.text == "東京都")
        #expect(utf8.encoding == "UTF-8 BOM")
        let little = try TextDecoding.decode([0xFF, 0xFE] + "都𠮷".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
            .get()
        #expect(little.text == "都𠮷")
        #expect(little.encoding == "UTF-16LE")
        let big = try TextDecoding.decode([0xFE, 0xFF] + "都𠮷".utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })
            .get()
        #expect(big.text == "都𠮷")
    }

    @Test func `Bytes that are no UTF-8 are CP932, with the letters that Windows added`() throws {
        // 髙﨑①㈱～－ as a Japanese Windows saves them.
        let bytes: [UInt8] = [0xFB, 0xFC, 0xFA, 0xB1, 0x87, 0x40, 0x87, 0x8A, 0x81, 0x60, 0x81, 0x7C]
        let read = try TextDecoding.decode(bytes).get()
        #expect(read.encoding == "CP932")
        #expect(Array(read.text.unicodeScalars) == Array("髙﨑①㈱～－".unicodeScalars))
    }

    @Test func `Half-width kana and both encodings of one kanji are read`() throws {
        #expect(try TextDecoding.decode([0xBB, 0xC4, 0xB3, 0xEE, 0xE0]).get().text == "ｻﾄｳ髙")
    }

    @Test(arguments: ["葛\u{E0100}", "神\u{FE00}", "佐藤\u{200B}", "辻\u{E0101}飾", "\u{FEFF}", "山\u{200D}"])
    func `Names that end in an invisible scalar come through UTF-8 byte for byte`(name: String) throws {
        let read = try TextDecoding.decode(Array("名前,\(name)".utf8)).get()
        #expect(read.text.utf8.elementsEqual("名前,\(name)".utf8))
    }

    @Test func `What no encoding can read is refused with its byte and line`() throws {
        let bytes = Array("No,x\r\n1,".utf8) + [0x82, 0xA0] + Array("\r\n2,".utf8) + [0x80, 0xFF]
        guard case .failure(let failure) = TextDecoding.decode(bytes) else {
            Issue.record("was read")
            return
        }
        #expect(failure == DecodingFailure(encoding: "CP932", offset: 14, line: 3))
        #expect(failure.message.contains("3行目"))
    }

    @Test func `Half a letter at the end and half a surrogate pair are refused`() {
        #expect(throws: DecodingFailure.self) { try TextDecoding.decode([0xEF, 0xBB, 0xBF, 0x61, 0xE3, 0x81]).get() }
        #expect(throws: DecodingFailure.self) { try TextDecoding.decode([0xFF, 0xFE, 0x00, 0xD8, 0x61, 0x00]).get() }
        #expect(throws: DecodingFailure.self) { try TextDecoding.decode([0xFF, 0xFE, 0x61, 0x00, 0x61]).get() }
        #expect(throws: DecodingFailure.self) { try TextDecoding.decode([0x61, 0x0A, 0x88]).get() }
    }

    @Test func `An empty file is an empty text`() throws {
        #expect(try TextDecoding.decode([]).get().text.isEmpty)
    }
}
