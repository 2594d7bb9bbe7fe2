import Access
import Casework
import Catalogue
import Demonstration
import Foundation
import Storage
import Synchronization

/// People at home, each with a link for health reports and a telephone that has given the birth date.
///
/// What their telephones keep stands in a file: a million of them in this process's memory would be counted as the
/// program's own.
final class Phones: Sendable {
    /// What a telephone keeps.
    struct Phone {
        let secret: String
        let device: String
    }

    private let file: FileHandle
    private let secretLength: Int
    private let deviceLength: Int
    let count: Int

    /// Loads so many blocks of people at home and opens a link for each.
    ///
    /// Links are stored in bulk, as the days before left them; each telephone then gives its birth date by itself.
    init(
        _ population: Population,
        _ blocks: Range<Int>,
        into ground: Ground,
        folder: URL
    ) async throws {
        let path = folder.appending(path: "phones-\(UUID().uuidString)")
        try Data().write(to: path)
        file = try FileHandle(forUpdating: path)
        // The file lives as long as it is open.
        try FileManager.default.removeItem(at: path)
        let filling = try await Filling(population, blocks, into: ground, change: Self.stayingAtHome)
        let links = ReportLinkStore(Vault(ground.keys))
        let now = Ground.now()
        var count = 0
        var lengths = (secret: 0, device: 0)
        let out = file
        try await filling.fill { first, cases in
            let people = cases.enumerated().compactMap { index, one in
                one.file.items[.birthDate].map {
                    (sequence: first + Int64(index), birthDate: $0, secret: "benchmark-\(first + Int64(index))".padded)
                }
            }
            try await ground.engine.write { connection in
                for person in people {
                    let id = links.id(of: person.secret)
                    try links.create(
                        id: id,
                        sequence: person.sequence,
                        proof: links.proof(of: person.birthDate, id: id),
                        at: now,
                        until: now.adding(seconds: 30 * 86_400),
                        connection
                    )
                }
            }
            let devices = Devices(count: people.count)
            try await Measure.concurrently(callers: 64, calls: people.count) { call in
                let person = people[call]
                devices[call] = try await ground.casework.openReportLink(person.secret, birthDate: person.birthDate)
            }
            var bytes: [UInt8] = []
            for (index, person) in people.enumerated() {
                let device = devices[index]
                lengths = (person.secret.utf8.count, device.utf8.count)
                bytes += Array(person.secret.utf8) + Array(device.utf8)
            }
            try out.write(contentsOf: Data(bytes))
            count += people.count
        }
        self.count = count
        (secretLength, deviceLength) = lengths
    }

    /// What the telephone of a person keeps.
    func phone(_ index: Int) -> Phone {
        let length = secretLength + deviceLength
        let bytes = [UInt8](unsafeUninitializedCapacity: length) { space, filled in
            filled = max(0, pread(file.fileDescriptor, space.baseAddress, length, off_t(index % count * length)))
        }
        return Phone(
            secret: String(decoding: bytes.prefix(secretLength), as: UTF8.self),
            device: String(decoding: bytes.dropFirst(secretLength), as: UTF8.self)
        )
    }

    /// 自宅療養中: a case that was notified and whose care goes on.
    private static let stayingAtHome: @Sendable (LoadedCase) -> LoadedCase = { one in
        var one = one
        one.file.items[.status] = "home"
        for key in ["outcome", "outcome_on", "cause_of_death", "release_told_on", "release_due_on"] {
            one.file.items[key] = nil
        }
        one.steps = Array(one.steps.prefix(1))
        return one
    }
}

extension String {
    /// As long as every other secret, so that a telephone is found by its place in the file.
    fileprivate var padded: String { self + String(repeating: "_", count: max(0, 32 - utf8.count)) }
}

/// What many callers fill in, each its own places.
private final class Devices: Sendable {
    private let texts: Mutex<[String]>

    init(count: Int) { texts = Mutex(Array(repeating: "", count: count)) }

    subscript(index: Int) -> String {
        get { texts.withLock { $0[index] } }
        set { texts.withLock { $0[index] = newValue } }
    }
}

/// What people report: most feel as on the day before, a few don't.
enum HealthReports {
    /// The items of the n-th report.
    static func items(_ index: Int) -> Record {
        var items = Record()
        for (place, question) in HealthCheck.questions.enumerated() {
            items[question] = (index &* 31 &+ place &* 7) % 23 == 0 ? "yes" : "no"
        }
        items[.bodyTemperature] = DecimalNumber(thousandths: Int64(36_000 + index % 30 * 100))
        items[.spo2] = 99 - index % 6
        return items
    }

    /// The same as a browser sends it.
    static func form(_ index: Int) -> [UInt8] {
        var fields = ["form=benchmark\(index)", "keeps_warnings=1"]
        for (key, value) in items(index).all.sorted(by: { $0.key < $1.key }) {
            switch value {
            case .code(let code): fields.append("\(key)=\(code.rawValue)")
            case .decimal(let number): fields.append("\(key)=\(number.text)")
            case .integer(let number): fields.append("\(key)=\(number)")
            default: break
            }
        }
        return Array(fields.joined(separator: "&").utf8)
    }

    /// A report as a request.
    static func request(_ index: Int, _ phone: Phones.Phone) -> Request {
        Request(
            "POST",
            "/r/\(phone.secret)",
            [
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": "__Secure-report=\(phone.device)",
            ],
            body: form(index),
            expecting: 200
        )
    }
}
