import ArgumentParser
import Catalogue
import Configuration
import Foundation
import Outreach

/// What a process sends one-time codes with.
struct Outreaching {
    /// The ways out; nil where this process sends nothing.
    var ways: Ways?
    /// The provider whose questions the pages answer.
    var provider: ProviderAccount?
}

extension Settings {
    /// What sends one-time codes (`HERSYS_OUTREACH`): `outbox`, `sip` or `provider`.
    ///
    /// A demonstration has the practice telephone and no other; everybody else says what it is to be, for a code that
    /// only stands in a table reaches nobody.
    ///
    /// - Parameters:
    ///   - isDemonstration: whether `--demo` was said.
    ///   - sends: whether this process does background work.
    ///   - tell: what lines and providers have to say.
    /// - Returns: the ways out, and the provider whose questions are answered.
    /// - Throws: what is missing or wrong, in Japanese.
    func outreach(
        isDemonstration: Bool,
        sends: Bool,
        tell: @escaping @Sendable (OutreachNote) -> Void
    ) async throws -> Outreaching {
        let chosen = value(nil, "outreach")
        if isDemonstration {
            guard chosen == nil || chosen == "outbox" else {
                throw CommandRefusal("練習用の環境（--demo）では電話をかけません。HERSYS_OUTREACH を外すか、--demo を外してください。")
            }
            return Outreaching(ways: sends ? Ways(call: OutboxDriver()) : nil)
        }
        switch chosen {
        case nil:
            if sends {
                Terminal.say(
                    "警告: 電話のかけ方（HERSYS_OUTREACH）が設定されていないため、ワンタイムパスワードは送られません。sip か provider を設定してください。"
                )
            }
            return Outreaching()
        case "outbox":
            throw CommandRefusal(
                "HERSYS_OUTREACH=outbox は練習用の環境（hersys serve --demo）だけで使えます。電話をかけるには sip か provider を設定してください。"
            )
        case "sip":
            let text = value(nil, "outreachSms")
            guard text == nil || text == "provider" else {
                throw ValidationError("HERSYS_OUTREACH_SMS は provider だけを指定できます（指定しなければSMSの代わりに電話をかけます）。")
            }
            let account = text == nil ? nil : try providerAccount()
            guard sends else { return Outreaching(provider: account) }
            return Outreaching(
                ways: Ways(call: try await lines(tell), sms: account.map { HTTPProvider($0, tell: tell) }),
                provider: account
            )
        case "provider":
            let account = try providerAccount()
            return Outreaching(ways: sends ? Ways(call: HTTPProvider(account, tell: tell)) : nil, provider: account)
        default: throw ValidationError("HERSYS_OUTREACH は sip か provider で指定してください。")
        }
    }

    // MARK: Lines

    private func lines(_ tell: @escaping @Sendable (OutreachNote) -> Void) async throws -> SIPLines {
        let trunk = try trunk()
        let voice = try required("outreachVoice", "HERSYS_OUTREACH_VOICE", "音声のファイル（.htsvoice）")
        let speech = OpenJTalk(voice: voice, folder: value(nil, "outreachSpeech") ?? "var/speech")
        let sounds: [Clip: Sound]
        do {
            sounds = try await speech.sounds()
        } catch {
            switch error {
            case .noVoice: throw CommandRefusal("音声のファイル（HERSYS_OUTREACH_VOICE）を読めません。.htsvoice のファイルを指定してください。")
            case .noProgram:
                throw CommandRefusal(
                    "音声を作れません。Debianのパッケージ open-jtalk と open-jtalk-mecab-naist-jdic が入っているか確かめてください。"
                )
            case .noFolder:
                throw CommandRefusal("作った音声を置くフォルダー（HERSYS_OUTREACH_SPEECH、既定 var/speech）に書き込めません。")
            }
        }
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/baresip") else {
            throw CommandRefusal("電話をかけるプログラムがありません。Debianのパッケージ baresip-core を入れてください。")
        }
        do {
            return try SIPLines(trunk, sounds: sounds, tell: tell)
        } catch {
            throw CommandRefusal("電話の回線のための一時フォルダーを作れません。/tmp（または RUNTIME_DIRECTORY）に書き込めるか確かめてください。")
        }
    }

    private func trunk() throws -> Trunk {
        let host = try required("outreachTrunk", "HERSYS_OUTREACH_TRUNK", "電話会社のSIPサーバー（host:port）")
        var trunk = Trunk(host: host, caller: try required("outreachCaller", "HERSYS_OUTREACH_CALLER", "発信する番号"))
        guard let transport = Trunk.Transport(rawValue: value(nil, "outreachTransport") ?? "udp") else {
            throw ValidationError("HERSYS_OUTREACH_TRANSPORT は udp か tcp で指定してください。")
        }
        trunk.transport = transport
        trunk.user = value(nil, "outreachUser") ?? ""
        if !trunk.user.isEmpty {
            trunk.password = try secret("outreachPasswordFile", "HERSYS_OUTREACH_PASSWORD_FILE")
        }
        let register = value(nil, "outreachRegister") ?? "off"
        guard register == "on" || register == "off" else {
            throw ValidationError("HERSYS_OUTREACH_REGISTER は on か off で指定してください。")
        }
        trunk.registers = register == "on"
        trunk.lines = try number("outreachLines", "HERSYS_OUTREACH_LINES", 1...50, usual: trunk.lines)
        trunk.firstPort = try number("outreachPort", "HERSYS_OUTREACH_PORT", 1024...65_000, usual: trunk.firstPort)
        trunk.firstMediaPort = try number(
            "outreachMediaPort",
            "HERSYS_OUTREACH_MEDIA_PORT",
            1024...64_000,
            usual: trunk.firstMediaPort
        )
        trunk.ringing = try number("outreachRinging", "HERSYS_OUTREACH_RINGING", 5...120, usual: trunk.ringing)
        trunk.listen = value(nil, "outreachListen") ?? trunk.listen
        for (name, text) in [
            ("HERSYS_OUTREACH_TRUNK", trunk.host), ("HERSYS_OUTREACH_CALLER", trunk.caller),
            ("HERSYS_OUTREACH_USER", trunk.user), ("HERSYS_OUTREACH_PASSWORD_FILE", trunk.password),
            ("HERSYS_OUTREACH_LISTEN", trunk.listen),
        ] where !Trunk.isPlain(text) {
            throw CommandRefusal("\(name) に使えない文字があります。空白、引用符、「;」「,」「<」「>」は使えません。")
        }
        return trunk
    }

    // MARK: Provider

    private func providerAccount() throws -> ProviderAccount {
        let address = value(nil, "outreachAddress") ?? "https://api.twilio.com"
        let callback = try required("outreachCallback", "HERSYS_OUTREACH_CALLBACK", "事業者から見たこのシステムのアドレス（https://…）")
        for (name, text) in [("HERSYS_OUTREACH_ADDRESS", address), ("HERSYS_OUTREACH_CALLBACK", callback)]
        where !Self.isSafe(text) {
            throw CommandRefusal("\(name) は https:// で始まるアドレスで、最後に / を付けずに指定してください。")
        }
        let from = try required("outreachFrom", "HERSYS_OUTREACH_FROM", "発信する番号")
        guard case .success(let number) = PhoneNumber.read(from) else {
            throw CommandRefusal("HERSYS_OUTREACH_FROM は電話番号で指定してください（例 +815012345678）。")
        }
        let account = try required("outreachAccount", "HERSYS_OUTREACH_ACCOUNT", "事業者のアカウント番号")
        guard account.range(of: "^[A-Za-z0-9_-]+$", options: .regularExpression) != nil else {
            throw CommandRefusal("HERSYS_OUTREACH_ACCOUNT は英数字で指定してください。")
        }
        return ProviderAccount(
            address: address,
            account: account,
            token: try secret("outreachTokenFile", "HERSYS_OUTREACH_TOKEN_FILE"),
            from: number.e164,
            callback: callback
        )
    }

    /// HTTPS, or plain HTTP to this very machine.
    private static func isSafe(_ address: String) -> Bool {
        guard let parts = URLComponents(string: address), let host = parts.host, !host.isEmpty, parts.query == nil,
            parts.user == nil, !address.hasSuffix("/")
        else { return false }
        return parts.scheme == "https" || (parts.scheme == "http" && host == "127.0.0.1")
    }

    // MARK: Values

    private func required(_ key: ConfigKey, _ name: String, _ what: String) throws -> String {
        guard let text = value(nil, key), !text.isEmpty else {
            throw CommandRefusal("\(name)（\(what)）を設定してください。")
        }
        return text
    }

    private func number(_ key: ConfigKey, _ name: String, _ range: ClosedRange<Int>, usual: Int) throws -> Int {
        guard let text = value(nil, key) else { return usual }
        guard let number = Int(text), range.contains(number) else {
            throw ValidationError("\(name) は\(range.lowerBound)から\(range.upperBound)までの数で指定してください。")
        }
        return number
    }

    /// A secret from a file that only its owner may read: it stands in no setting, where other programs see it.
    private func secret(_ key: ConfigKey, _ name: String) throws -> String {
        let path = try required(key, name, "秘密を書いたファイル")
        guard let bytes = FileManager.default.contents(atPath: path),
            let mode = try? FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        else { throw CommandRefusal("\(name) のファイルを読めません。") }
        guard mode & 0o077 == 0 else {
            throw CommandRefusal("\(name) のファイルをほかの人が読めます。chmod 600 で所有者だけが読めるようにしてください。")
        }
        let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty else { throw CommandRefusal("\(name) のファイルが空です。") }
        return text
    }
}
