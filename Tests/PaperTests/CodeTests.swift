import Testing

@testable import Paper

/// Codes that are drawn and read back, and files that strangers send.
@Suite struct CodeTests {
    /// Four white modules around a code, each module so many pixels across and down.
    private static func picture(_ code: CodeMatrix, across: Int, down: Int) throws -> GrayPicture {
        let (width, height) = ((code.size + 8) * across, (code.size + 8) * down)
        var pixels = [UInt8](repeating: 255, count: width * height)
        for y in 0..<code.size * down {
            for x in 0..<code.size * across where code.isDark(x / across, y / down) {
                pixels[(y + 4 * down) * width + x + 4 * across] = 0
            }
        }
        return try #require(GrayPicture(width: width, height: height, pixels: pixels))
    }

    @Test(arguments: [(3, 3), (6, 3), (6, 6)])
    func `a code is read back as it was drawn, flat as a FAX shows it or not`(across: Int, down: Int) throws {
        let text = "HS1" + String(repeating: "A1 $%*+-./:", count: 33)
        let code = try #require(CodeMatrix(text))
        #expect(code.size == 61)
        #expect(CodeReader.texts(in: try Self.picture(code, across: across, down: down)) == [text])
    }

    @Test func `a text that would need finer modules has no code`() {
        #expect(CodeMatrix(String(repeating: "A", count: 366)) != nil)
        #expect(CodeMatrix(String(repeating: "A", count: 367)) == nil)
        #expect(CodeMatrix("") == nil)
    }

    @Test func `a code for a screen is as coarse as its text allows`() throws {
        let text = "otpauth://totp/HER-SYS:shinjuku-hc?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=HER-SYS"
        let code = try #require(CodeMatrix(onScreen: text))
        #expect(code.size < 50)
        #expect(CodeReader.texts(in: try Self.picture(code, across: 4, down: 4)) == [text])
        #expect(CodeMatrix(onScreen: "") == nil)
    }

    @Test func `an empty page holds no code`() throws {
        let page = try #require(GrayPicture(width: 40, height: 30, pixels: [UInt8](repeating: 255, count: 1200)))
        #expect(CodeReader.texts(in: page).isEmpty)
    }

    @Test func `a picture is read from its file`() throws {
        let text = "HS1TEST"
        let picture = try Self.picture(try #require(CodeMatrix(text)), across: 4, down: 4)
        let head = Array("P5\n# remark\n\(picture.width) \(picture.height)\n255\n".utf8)
        let both = try PortableMap.pictures(head + picture.pixels + head + picture.pixels)
        #expect(both == [picture, picture])
    }

    @Test(
        arguments: [
            ([], .empty), (Array("GIF89a".utf8), .unknownKind), (Array("%PDF-1.7\nnonsense".utf8), .unreadable),
            ([0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, 0, 0], .unreadable),
            ([0xFF, 0xD8, 0xFF, 0xE0, 0, 1], .unreadable),
            ([0x49, 0x49, 0x2A, 0, 255, 255, 255, 255], .unreadable),
            ([UInt8](repeating: 37, count: ScannedFile.mostBytes + 1), .tooLarge),
        ] as [([UInt8], ScannedFile.Failure)]
    )
    func `a broken file is refused with its reason`(bytes: [UInt8], failure: ScannedFile.Failure) {
        #expect(throws: failure) { try ScannedFile.pages(of: bytes) }
    }

    @Test(arguments: [
        "P5\n99999 99999\n255\n", "P5\n10 10\n255\n123", "P4\n8", "P7\n", "P5\n0 5\n255\n", "P5 8 8 70000 ",
    ])
    func `a picture that says more than it holds is refused`(text: String) {
        #expect(throws: ScannedFile.Failure.unreadable) { try PortableMap.pictures(Array(text.utf8)) }
    }

    @Test func `a program that answers too much or too late is ended`() {
        let much = ChildProgram.Bounds(output: 1000, seconds: 5)
        #expect(ChildProgram.output(of: ["cat", "/dev/zero"], on: [1], much) == nil)
        let late = ChildProgram.Bounds(output: 1000, seconds: 1)
        #expect(ChildProgram.output(of: ["sleep", "20"], on: [1], late) == nil)
        #expect(ChildProgram.output(of: ["cat"], on: [1, 2, 3], much) == [1, 2, 3])
        #expect(ChildProgram.output(of: ["no-such-program"], on: [1], much) == nil)
        #expect(ChildProgram.output(of: ["false"], on: [1], much) == nil)
    }
}
