import NIOCore
import Testing

@testable import Web

/// What proxies say of a connection, and who is believed.
struct ProxyHeaderTests {
    /// A header of version 2.
    private static func binary(
        _ content: [UInt8],
        command: UInt8 = 0x21,
        family: UInt8 = 0x11,
        length: Int? = nil
    ) -> [UInt8] {
        let length = length ?? content.count
        let fixed: [UInt8] = [
            0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, command, family,
            UInt8(length >> 8), UInt8(length & 0xFF),
        ]
        return fixed + content
    }

    /// 192.0.2.7:51234 to 10.0.0.11:443.
    private static let four: [UInt8] = [192, 0, 2, 7, 10, 0, 0, 11, 0xC8, 0x22, 0x01, 0xBB]
    private static let mapped: [UInt8] = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF, 192, 0, 2, 7]
    /// 2001:db8::7 to ::1.
    private static let six: [UInt8] =
        [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [7]
        + [UInt8](repeating: 0, count: 15) + [1, 0xC8, 0x22, 0x01, 0xBB]

    private static let client = "192.0.2.7"
    private static let wide = "2001:db8::7"

    /// Headers as proxies send them, with the client's address; nil where the connection is the proxy's own.
    static let good = goodLines.map { (Array($0.0.utf8), $0.1) } + goodBinary

    private static let goodLines: [(String, String?)] = [
        ("PROXY TCP4 192.0.2.7 10.0.0.11 51234 443\r\n", client),
        ("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255"),
        ("PROXY TCP4 192.0.2.7 10.0.0.11 0 0\r\n", client),
        ("PROXY TCP6 2001:db8::7 ::1 51234 443\r\n", wide),
        ("PROXY TCP6 2001:DB8:0:0:0:0:0:7 ::1 51234 443\r\n", wide),
        ("PROXY TCP6 ::ffff:192.0.2.7 ::ffff:10.0.0.11 51234 443\r\n", client),
        (
            "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
                + "65535 65535\r\n",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
        ),
        ("PROXY UNKNOWN\r\n", nil),
        ("PROXY UNKNOWN whatever stands here\r\n", nil),
        ("PROXY UNKNOWN" + String(repeating: " f", count: 46) + "\r\n", nil),
    ]

    private static let goodBinary: [([UInt8], String?)] = [
        (binary(four), client),
        (binary(four + [0x20, 0, 3, 1, 2, 3]), client),
        (binary(four + [0x04, 0, 0]), client),
        (binary(four + [0x04, 0x07, 0xE1] + [UInt8](repeating: 0, count: 2017)), client),
        (binary(six, family: 0x21), wide),
        (binary(six + [0x04, 0, 1, 9], family: 0x21), wide),
        (binary(mapped + mapped + [0, 1, 0, 2], family: 0x21), client),
        (binary([], family: 0x00), nil),
        (binary([1, 2, 3], family: 0x00), nil),
        (binary([], command: 0x20, family: 0x00), nil),
        (binary(four, command: 0x20), nil),
        (binary([1], command: 0x20, family: 0xFF), nil),
    ]

    /// What no proxy sends.
    static let bad = badLines.map { Array($0.utf8) } + badBinary

    private static let badLines: [String] = [
        "GET / HTTP/1.1\r\n\r\n", "PROXY\r\n", "PROXY \r\n", "PROXY  TCP4 192.0.2.7 10.0.0.11 51234 443\r\n",
        "proxy TCP4 192.0.2.7 10.0.0.11 51234 443\r\n", "PROXY TCP4 192.0.2.7 10.0.0.11 51234 443\n",
        "PROXY TCP4 192.0.2.7 10.0.0.11 51234 443\r\r\n", "PROXY TCP4 192.0.2.7 10.0.0.11 51234\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.11 51234 443 \r\n", "PROXY TCP4 192.0.2.7 10.0.0.11 51234 443 1\r\n",
        "PROXY TCP4 192.0.2.7  10.0.0.11 51234 443\r\n", "PROXY TCP4 192.0.2.256 10.0.0.11 51234 443\r\n",
        "PROXY TCP4 192.0.02.7 10.0.0.11 51234 443\r\n", "PROXY TCP4 192.0.2 10.0.0.11 51234 443\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0 51234 443\r\n", "PROXY TCP4 2001:db8::7 ::1 51234 443\r\n",
        "PROXY TCP6 192.0.2.7 10.0.0.11 51234 443\r\n", "PROXY TCP6 2001:db8::7 10.0.0.11 51234 443\r\n",
        "PROXY TCP6 fe80::1%lo ::1 51234 443\r\n", "PROXY TCP6 [::1] ::1 51234 443\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.11 65536 443\r\n", "PROXY TCP4 192.0.2.7 10.0.0.11 051234 443\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.11 +1 443\r\n", "PROXY TCP4 192.0.2.7 10.0.0.11 -1 443\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.11  443\r\n", "PROXY TCP4 192.0.2.7\u{0} 10.0.0.11 51234 443\r\n",
        "PROXY TCP4 １.2.3.4 10.0.0.11 51234 443\r\n", "PROXY TCP4 localhost 10.0.0.11 51234 443\r\n",
        "PROXY UDP4 192.0.2.7 10.0.0.11 51234 443\r\n", "PROXY TCP5 192.0.2.7 10.0.0.11 51234 443\r\n",
        "PROXY UNKNOWN" + String(repeating: " f", count: 46) + "f\r\n", String(repeating: "P", count: 200),
        "PROXY TCP4 " + String(repeating: "1", count: 300), "\r\n\r\n\0\r\nQUIX\n1234", "\u{16}\u{3}\u{1}",
    ]

    private static let badBinary: [[UInt8]] = [
        // A beginning of TLS.
        [0x16, 0x03, 0x01, 0x02, 0x00, 0x01],
        // Version 1 and version 3 in the form of version 2; commands that there aren't.
        binary(four, command: 0x11), binary(four, command: 0x31), binary(four, command: 0x22),
        binary(four, command: 0x2F),
        // Datagrams, files, families that there aren't.
        binary(four, family: 0x12), binary(six, family: 0x22), binary(four, family: 0x41), binary(four, family: 0x10),
        binary([UInt8](repeating: 65, count: 216), family: 0x31),
        // Too short for its addresses, too long for anybody, additions that end in the middle.
        binary(Array(four.dropLast())), binary(four, family: 0x21), binary([]),
        binary(four, length: 2033), binary(four, length: 65_535),
        binary([], command: 0x20, family: 0x00, length: 65_535),
        binary(four + [0x04]), binary(four + [0x04, 0]), binary(four + [0x04, 0, 2, 1]),
        binary(four + [0x04, 0xFF, 0xFF, 1]),
    ]

    private func address(_ header: ProxyHeader?) -> String? {
        guard case .client(let address)? = header else { return nil }
        return address.ipAddress
    }

    @Test(arguments: good)
    func `a proxy's header names the client, and what follows is left`(bytes: [UInt8], client: String?) throws {
        for rest in [[], [0x16, 0x03, 0x01], Array("PROXY ".utf8), [UInt8](repeating: 7, count: 4000)] as [[UInt8]] {
            var buffer = ByteBuffer(bytes: bytes + rest)
            let header = try ProxyHeader.take(from: &buffer)
            #expect(header != nil)
            #expect(address(header) == client)
            #expect((header == .own) == (client == nil))
            #expect(Array(buffer.readableBytesView) == rest)
        }
    }

    @Test(arguments: good)
    func `a header may come in pieces, cut at any byte`(bytes: [UInt8], client: String?) throws {
        for cut in 0..<bytes.count {
            var buffer = ByteBuffer(bytes: bytes[..<cut])
            #expect(try ProxyHeader.take(from: &buffer) == nil)
            #expect(buffer.readableBytes == cut)
            buffer.writeBytes(bytes[cut...])
            #expect(try address(ProxyHeader.take(from: &buffer)) == client)
            #expect(buffer.readableBytes == 0)
        }
    }

    @Test(arguments: bad)
    func `what isn't a header is refused, whole or byte by byte`(bytes: [UInt8]) throws {
        // More follows, as from somebody who hopes that the length is forgotten.
        let long = bytes + [UInt8](repeating: 0, count: 3000)
        #expect(throws: ProxyHeader.Malformed.self) {
            var buffer = ByteBuffer(bytes: long)
            _ = try ProxyHeader.take(from: &buffer)
        }
        #expect(throws: ProxyHeader.Malformed.self) {
            var buffer = ByteBuffer()
            for byte in long {
                buffer.writeInteger(byte)
                let header = try ProxyHeader.take(from: &buffer)
                #expect(header == nil)
            }
        }
    }

    @Test func `whatever comes, what is taken is a header`() throws {
        var chance = Chance(seed: 20_200_605)
        let line =
            try Regex(
                #"PROXY (UNKNOWN( [ -~]*)?|TCP4( [0-9.]+){2}( [0-9]+){2}|TCP6( [0-9a-fA-F:.]+){2}( [0-9]+){2})\r\n"#
            )
        var taken = 0
        for _ in 0..<60_000 {
            var bytes = Self.good[chance.below(Self.good.count)].0
            for _ in 0...chance.below(3) {
                let place = chance.below(bytes.count)
                switch chance.below(4) {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: chance.below(256))
                case 1: bytes.insert(UInt8(truncatingIfNeeded: chance.below(256)), at: place)
                case 2 where bytes.count > 1: bytes.remove(at: place)
                default: bytes[place] ^= 1 << UInt8(chance.below(8))
                }
            }
            var buffer = ByteBuffer(bytes: bytes)
            guard let header = try? ProxyHeader.take(from: &buffer) else { continue }
            taken += 1
            let head = Array(bytes.prefix(bytes.count - buffer.readableBytes))
            if head[0] == UInt8(ascii: "P") {
                #expect(String(decoding: head, as: UTF8.self).wholeMatch(of: line) != nil)
            } else {
                #expect(Array(head.prefix(12)) == Array(Self.binary([]).prefix(12)))
                #expect(head[12] == 0x20 || head[12] == 0x21)
                #expect(head.count == 16 + Int(head[14]) << 8 + Int(head[15]))
                if head[12] == 0x20 { #expect(header == .own) }
                if head[12] == 0x21 { #expect([0x00, 0x11, 0x21].contains(head[13])) }
            }
        }
        // Ports, addresses and additions may be others without being wrong.
        #expect(taken > 1000)
    }

    @Test func `noise is never a header`() {
        var chance = Chance(seed: 7)
        for length in 0..<3000 {
            var buffer = ByteBuffer(bytes: (0..<length).map { _ in UInt8(truncatingIfNeeded: chance.below(256)) })
            let header = try? ProxyHeader.take(from: &buffer)
            #expect(header == nil)
        }
    }

    // MARK: Who is believed

    @Test(arguments: [
        ("127.0.0.1", ["127.0.0.1", "::ffff:127.0.0.1"], ["127.0.0.2", "::1", "126.255.255.255"]),
        ("10.0.0.0/24", ["10.0.0.0", "10.0.0.255"], ["10.0.1.0", "9.255.255.255", "::ffff:a00:100"]),
        ("10.0.0.77/24", ["10.0.0.1"], ["10.0.1.77"]),
        (" 10.0.0.11 , 10.0.0.12 ", ["10.0.0.11", "10.0.0.12"], ["10.0.0.13"]),
        ("fd00::/8,::1", ["fd12:3456::1", "::1"], ["fe80::1", "::2", "127.0.0.1"]),
        ("::ffff:10.0.0.0/120", ["10.0.0.9"], ["10.0.1.9"]),
        ("0.0.0.0/0", ["192.0.2.7", "255.255.255.255"], ["2001:db8::7"]),
        ("::/0", ["192.0.2.7", "2001:db8::7"], []),
        ("", [], ["127.0.0.1", "::1"]), ("  ", [], ["127.0.0.1"]),
    ])
    func `only the proxies that are named are believed`(text: String, inside: [String], outside: [String]) throws {
        let proxies = try #require(TrustedProxies(text))
        for peer in inside { #expect(proxies.contains(try SocketAddress(ipAddress: peer, port: 5000))) }
        for peer in outside { #expect(!proxies.contains(try SocketAddress(ipAddress: peer, port: 5000))) }
        #expect(!proxies.contains(try SocketAddress(unixDomainSocketPath: "/tmp/socket")))
        #expect(proxies.isEmpty == inside.isEmpty)
    }

    @Test(arguments: [
        ",", "127.0.0.1,", ",127.0.0.1", "app1", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/+8",
        "10.0.0.0/8/8", "::/129", "10.0. 0.1", "10.0.0.1 10.0.0.2", "127.0.0.1:8443", "[::1]", "fe80::1%lo",
        "10.0.0.0 /8",
    ])
    func `a list with anything else in it is refused`(text: String) {
        #expect(TrustedProxies(text) == nil)
    }

    // MARK: What it is for

    @Test func `failed sign-ins count for the client that the proxy names`() async throws {
        try await TestSite.run { site in
            func attempt(_ number: Int, from address: String) async throws -> Int {
                let client = ClientAddress()
                client.set(try SocketAddress(ipAddress: address, port: 5000))
                return try await ClientAddress.$ofConnection.withValue(client) {
                    let fields = [("login", "nobody-\(address)-\(number)"), ("password", "wrong")]
                    return try await site.form("/sign-in", fields, ["Sec-Fetch-Site": "same-origin"]).status
                }
            }
            for number in 0..<51 {
                let status = try await attempt(number, from: "192.0.2.7")
                #expect(status == 422)
            }
            let locked = try await attempt(51, from: "192.0.2.7")
            #expect(locked == 429)
            let another = try await attempt(52, from: "192.0.2.8")
            #expect(another == 422)
        }
    }
}
