import ArgumentParser
import Casework
import Configuration
import Hummingbird
public import HummingbirdCore
import HummingbirdHTTP2
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import UnixSignals
import Web

/// `hersys serve`: pages, API and background work in one process.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "画面とAPIを提供します")

    @OptionGroup var database: DatabaseOptions

    @Option(help: "待ち受けるアドレス（既定 127.0.0.1:8443）")
    var listen: String?

    @Option(help: "TLS証明書（PEM）")
    var certificate: String?

    @Option(help: "TLS秘密鍵（PEM）")
    var privateKey: String?

    @Option(help: "クライアント証明書の認証局（PEM）。指定すると、APIのクライアントを証明書に結び付けられます")
    var clientCA: String?

    @Flag(help: "練習用の環境として、送信されるはずの電話を /outbox に表示します")
    var demo = false

    @Option(help: "定期の作業をこのプロセスで行うか（on、off、既定 on）。hersys work を別に動かすときは off")
    var work: String?

    @Option(help: "信頼するプロキシのアドレスまたはネットワーク（例 127.0.0.1,10.0.0.0/24、既定はなし）。PROXYプロトコルで利用者のアドレスを受け取ります")
    var proxies: String?

    @Option(help: "利用者がブラウザーで開くアドレス（例 https://hersys.example.jp）。パスキーはこのアドレスでだけ使えます")
    var origin: String?

    func run() async throws {
        let settings = try await Settings()
        let work = settings.value(work, "work") ?? "on"
        guard work == "on" || work == "off" else { throw ValidationError("--work は on か off で指定してください。") }
        let (host, port) = try address(settings.value(listen, "listen") ?? "127.0.0.1:8443")
        guard let proxies = TrustedProxies(settings.value(proxies, "proxies") ?? "") else {
            throw ValidationError("--proxies は 127.0.0.1,10.0.0.0/24 のように、アドレスかネットワークをコンマで区切って指定してください。")
        }
        let party = try relyingParty(settings, host: host, port: port)
        let sends = try sendLimit(settings)
        var casework = try await settings.casework(database, patience: .seconds(10))
        casework.sendLimit = sends
        var logger = Logger(label: "hersys")
        logger.logLevel = try logLevel(settings)
        let certificate = settings.value(certificate, "certificate")
        let privateKey = settings.value(privateKey, "privateKey")
        Connections.raiseLimit()
        let outreach = try await settings.outreach(isDemonstration: demo, sends: work == "on") { [logger] note in
            OutreachService.write(note, to: logger)
        }
        let authorities = settings.value(clientCA, "clientCa")
        guard authorities == nil || certificate != nil else {
            throw ValidationError("--client-ca は --certificate と --private-key と一緒に指定してください。")
        }
        var site = Site(
            casework: casework,
            isDemonstration: demo,
            provider: outreach.provider,
            metricsAccess: try metricsAccess(settings, hasTLS: certificate != nil),
            limits: try limits(settings),
            transport: Transport.read
        )
        site.relyingParty = party
        let admission = Admission(try capacity(settings))
        let door = AdmissionDoor.Rules(admission, site: site, logger: logger)
        let application = Application(
            router: WebApplication.router(site, admission: admission),
            server: try server(
                certificate: certificate,
                privateKey: privateKey,
                clientCA: authorities,
                behind: proxies,
                door: door
            ),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port),
                serverName: nil,
                backlog: 1024,
                availableConnectionsDelegate: .maximum(Connections.most, logger: logger)
            ),
            onServerRunning: { _ in
                Terminal.say("HER-SYS: \(certificate == nil ? "http" : "https")://\(host):\(port)")
            },
            logger: logger
        )
        let keyWatch = KeyWatch(casework, path: try settings.keyPath(database), works: work == "on", logger)
        var background: [any Service] = [keyWatch] + (work == "on" ? [WorkService(casework, logger)] : [])
        if let ways = outreach.ways { background.append(OutreachService(casework, ways, logger)) }
        // Open event streams would keep the server from ending: they are closed first, for services end last to first.
        let services = ServiceGroup(
            services: background + [application, EventStreams(casework: casework)],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        do {
            try await services.run()
        } catch {
            throw CommandRefusal("待ち受けを始められません。アドレス \(host):\(port) が使われていないか確かめてください。")
        }
    }

    /// For whom passkeys are made: `--origin`, or this machine where it serves TLS to itself alone.
    ///
    /// It isn't taken from requests. Without it a server that others reach offers no passkeys.
    private func relyingParty(_ settings: Settings, host: String, port: Int) throws -> RelyingParty? {
        if let text = settings.value(origin, "origin") {
            guard let party = RelyingParty(origin: text) else {
                throw ValidationError("--origin は https://hersys.example.jp のように、httpsとホスト名で指定してください。")
            }
            return party
        }
        guard settings.value(certificate, "certificate") != nil, ["127.0.0.1", "[::1]", "localhost"].contains(host)
        else {
            return nil
        }
        return RelyingParty(origin: "https://localhost:\(port)")
    }

    /// How often codes may go to one number: `HERSYS_SENDS=unlimited` is for tests of a demonstration, where none
    /// really goes out.
    private func sendLimit(_ settings: Settings) throws -> SendLimit {
        guard let text = settings.value(nil, "sends") else { return .standard }
        guard demo, text == "unlimited" else {
            throw ValidationError("HERSYS_SENDS は unlimited だけを、--demo の練習用の環境でだけ指定できます。")
        }
        return .none
    }

    /// How many requests are worked on at once: `HERSYS_PLACES`, or what follows from the machine.
    private func capacity(_ settings: Settings) throws -> Capacity {
        guard let text = settings.value(nil, "places") else { return .usual }
        guard let places = Int(text), (4...10_000).contains(places) else {
            throw ValidationError("HERSYS_PLACES は4から10000までの数で指定してください。")
        }
        return Capacity(places: places)
    }

    /// Who may read `/metrics`.
    ///
    /// Whoever has `HERSYS_METRICS_TOKEN`, else this machine. Without TLS of our own a proxy stands on this machine, and
    /// everybody comes from there.
    private func metricsAccess(_ settings: Settings, hasTLS: Bool) throws -> MetricsAccess {
        guard let token = settings.value(nil, "metricsToken") else { return hasTLS ? .loopback : .nobody }
        guard token.utf8.count >= 16, token.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw ValidationError("HERSYS_METRICS_TOKEN は半角の英数字と記号で16文字以上にしてください。")
        }
        return .token(token)
    }

    /// How many calls each API client may make a second: `HERSYS_CLIENT_RATE`.
    private func limits(_ settings: Settings) throws -> ClientLimits {
        guard let text = settings.value(nil, "clientRate") else { return ClientLimits() }
        guard let rate = Int(text), (1...1_000_000).contains(rate) else {
            throw ValidationError("HERSYS_CLIENT_RATE は1秒あたりの回数を、1から1000000までの数で指定してください。")
        }
        return ClientLimits(perSecond: rate)
    }

    /// What is written: `notice`, or with `info` a line for each request, too: `HERSYS_LOG_LEVEL`.
    private func logLevel(_ settings: Settings) throws -> Logger.Level {
        guard let text = settings.value(nil, "logLevel") else { return .notice }
        guard let level = Logger.Level(rawValue: text), level >= .info else {
            throw ValidationError("HERSYS_LOG_LEVEL は info、notice、warning、error、critical のどれかで指定してください。")
        }
        return level
    }

    private func address(_ text: String) throws -> (String, Int) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { throw ValidationError("待ち受けるアドレスは 127.0.0.1:8443 のように指定してください。") }
        return (String(text[..<colon]), port)
    }

    /// TLS 1.2 and 1.3 with HTTP/2, so that many open pages of one browser share a connection; without
    /// a certificate plain HTTP for a proxy on the same machine.
    private func server(
        certificate: String?,
        privateKey: String?,
        clientCA: String?,
        behind proxies: TrustedProxies,
        door: AdmissionDoor.Rules
    ) throws -> HTTPServerBuilder {
        guard let certificate, let privateKey else {
            guard certificate == nil, privateKey == nil else {
                throw ValidationError("--certificate と --private-key は両方指定してください。")
            }
            return connections(behind: proxies) {
                HTTP1Channel(responder: $0, configuration: .init(additionalChannelHandlers: [AdmissionDoor(door)]))
            }
        }
        do {
            var tls = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: privateKey, format: .pem))
            )
            tls.minimumTLSVersion = .tlsv12
            tls.cipherSuites =
                "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305"
                + ":ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256"
            if let clientCA {
                // A browser shows none and is asked for nothing else; what a program shows has to be right.
                tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(clientCA))
                tls.certificateVerification = .optionalVerification
                tls.sendCANameList = true
            }
            return connections(behind: proxies) { [tls] in
                CertifiedChannel(
                    inner: try HTTP2UpgradeChannel(
                        tlsConfiguration: tls,
                        configuration: .init(
                            streamConfiguration: .init(additionalChannelHandlers: [AdmissionDoor(door)])
                        ),
                        responder: $0
                    ),
                    asks: clientCA != nil
                )
            }
        } catch {
            throw CommandRefusal("証明書または秘密鍵を読めません。PEM形式のファイルを指定してください。")
        }
    }

    private func connections<Inner: ServerChildChannel>(
        behind proxies: TrustedProxies,
        _ make: @escaping @Sendable (@escaping HTTPChannelHandler.Responder) throws -> Inner
    ) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            let inner = try make(responder)
            guard !proxies.isEmpty else { return inner }
            return ProxiedChannel(proxies, setUp: inner.setup(channel:logger:), serve: inner.handle(value:logger:))
        }
    }
}

// The room of the pages doesn't know Hummingbird's servers; here they meet.
extension ProxiedChannel: ServerChildChannel {}
extension ProxiedChannel.Value: ServerChildChannelValue {}

/// A TLS connection whose requests find the certificate that the client has shown.
private struct CertifiedChannel: ServerChildChannel {
    let inner: HTTP2UpgradeChannel
    let asks: Bool

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP2UpgradeChannel.Value> {
        inner.setup(channel: channel, logger: logger)
    }

    func handle(value: HTTP2UpgradeChannel.Value, logger: Logger) async {
        guard asks else { return await inner.handle(value: value, logger: logger) }
        let channel = value.channel
        let certificate = ClientCertificate { try? await channel.nioSSL_peerCertificate().get()?.toDERBytes() }
        await certificate.serving { await inner.handle(value: value, logger: logger) }
    }
}

/// Hears what other servers tell, and closes event streams: those of sessions that have ended, and all of them when the
/// server is asked to stop.
private struct EventStreams: Service {
    let casework: Casework

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await casework.hear() }
            group.addTask { await casework.watchSessions() }
            defer { group.cancelAll() }
            try await gracefulShutdown()
            casework.events.finish()
        }
    }
}
