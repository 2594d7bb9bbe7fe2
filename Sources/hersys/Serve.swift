import ArgumentParser
import Casework
import Configuration
import Hummingbird
import HummingbirdCore
import HummingbirdHTTP2
import HummingbirdTLS
import Logging
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

    @Flag(help: "練習用の環境として、送信されるはずの電話を /outbox に表示します")
    var demo = false

    func run() async throws {
        let settings = try await Settings()
        let (host, port) = try address(settings.value(listen, "listen") ?? "127.0.0.1:8443")
        let casework = try await settings.casework(database)
        var logger = Logger(label: "hersys")
        logger.logLevel = .notice
        let certificate = settings.value(certificate, "certificate")
        let privateKey = settings.value(privateKey, "privateKey")
        let router = WebApplication.router(Site(casework: casework, isDemonstration: demo))
        let application = Application(
            router: router,
            server: try server(certificate: certificate, privateKey: privateKey),
            configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: nil),
            onServerRunning: { _ in
                Terminal.say("HER-SYS: \(certificate == nil ? "http" : "https")://\(host):\(port)")
            },
            logger: logger
        )
        // Open event streams would keep the server from ending: they are closed first, for services end last to first.
        let services = ServiceGroup(
            services: [application, EventStreams(hub: casework.events)],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        do {
            try await services.run()
        } catch {
            throw CommandRefusal("待ち受けを始められません。アドレス \(host):\(port) が使われていないか確かめてください。")
        }
    }

    private func address(_ text: String) throws -> (String, Int) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { throw ValidationError("待ち受けるアドレスは 127.0.0.1:8443 のように指定してください。") }
        return (String(text[..<colon]), port)
    }

    /// TLS 1.2 and 1.3 with HTTP/2, so that many open pages of one browser share a connection; without
    /// a certificate plain HTTP for a proxy on the same machine.
    private func server(certificate: String?, privateKey: String?) throws -> HTTPServerBuilder {
        guard let certificate, let privateKey else {
            guard certificate == nil, privateKey == nil else {
                throw ValidationError("--certificate と --private-key は両方指定してください。")
            }
            return .http1()
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
            return try .http2Upgrade(tlsConfiguration: tls)
        } catch {
            throw CommandRefusal("証明書または秘密鍵を読めません。PEM形式のファイルを指定してください。")
        }
    }
}

/// Closes the event streams when the server is asked to stop.
private struct EventStreams: Service {
    let hub: EventHub

    func run() async throws {
        try await gracefulShutdown()
        hub.finish()
    }
}
