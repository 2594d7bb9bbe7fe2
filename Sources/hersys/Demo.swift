import Access
import ArgumentParser
import Casework
import Catalogue
import Demonstration
import Foundation
import Storage

/// `hersys demo`: fills a database with a synthetic epidemic.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "架空の流行でデータベースを満たします（同じ種なら同じデータ）")

    @OptionGroup var database: DatabaseOptions
    @Option(help: "対象者の数") var cases: Int = 2000
    @Option(help: "乱数の種") var seed: UInt64 = 20_200_522
    @Option(help: "練習用アカウントの共通パスワード") var password: String = "hersys-renshu-2020"
    @Option(help: "最後の日（既定は今日）") var today: String?

    func validate() throws {
        guard (0...50_000_000).contains(cases) else { throw ValidationError("--cases は0以上で指定してください。") }
        guard today == nil || today.flatMap({ CalendarDate(iso: $0) }) != nil else {
            throw ValidationError("--today は 2020-05-22 のように指定してください。")
        }
    }

    func run() async throws {
        let casework = try await Settings().casework(database)
        let lastDay = today.flatMap { CalendarDate(iso: $0) } ?? casework.today
        let population = Population(cases: cases, seed: seed, today: lastDay)
        let start = Date()
        try await Loader.load(population.organisations, into: casework)
        try await casework.loadPlaces(
            population.municipalities.map {
                Municipality(
                    code: $0.code,
                    prefecture: CodeList.prefecture.label(Code($0.prefecture)),
                    name: $0.name,
                    kana: ""
                )
            },
            []
        )
        let loader = try await Loader(casework)
        let accounts = try await loader.load(
            accounts: population.accounts.map { ($0.login, $0.name, $0.organisation, $0.phone) },
            password: password
        )
        let duties = population.accounts.filter { !$0.duties.isEmpty }.map { ($0.login, $0.duties) }
        try await loader.load(duties: Dictionary(uniqueKeysWithValues: duties), of: accounts)
        // Nobody is asked for anything at the first sign-in of a demonstration.
        try await casework.acceptTerms(logins: population.accounts.map(\.login))
        try await fill(population, loader, accounts)
        let seconds = Date().timeIntervalSince(start)
        Terminal.say(
            "\(cases)人、\(population.organisations.count)組織、\(accounts.count)アカウントを"
                + String(format: "%.1f秒で作りました（毎秒%.0f人）。", seconds, Double(cases) / max(seconds, 0.001))
        )
        for account in population.featured {
            let organisation = population.organisations.first { $0.key == account.organisation }
            print("\(account.login)\t\(organisation?.kind.label ?? "")\t\(organisation?.name ?? "")")
        }
        print("パスワード（共通）\t\(password)")
    }

    /// Makes blocks while the engine stores those before.
    private func fill(_ population: Population, _ loader: Loader, _ accounts: LoadedAccounts) async throws {
        let numbers = try await loader.allocate(population.count)
        @Sendable func make(_ index: Int) throws -> [CaseStore.Prepared] {
            guard index < population.blockCount else { return [] }
            let first = numbers.lowerBound + Int64(index * Population.blockSize)
            let ids = try (0..<population.count - index * Population.blockSize).prefix(Population.blockSize).map {
                try loader.number(first + Int64($0))
            }
            let made = population.block(index) { ids[$0 - index * Population.blockSize] }
            return try loader.prepare(
                made.map { one in
                    LoadedCase(
                        file: one.file,
                        steps: one.steps.map { step in
                            LoadedStep(
                                at: step.at,
                                login: step.account,
                                organisation: step.organisation,
                                action: step.action,
                                reason: step.reason
                            )
                        }
                    )
                },
                by: accounts,
                from: first
            )
        }
        // Two blocks are being made while a third is stored: making one costs more than storing it.
        var coming = (0..<2).map { index in Task.detached { try make(index) } }
        for index in 0..<population.blockCount {
            let ready = try await coming.removeFirst().value
            coming.append(Task.detached { try make(index + 2) })
            try await loader.store(ready)
            Terminal.progress("対象者", min((index + 1) * Population.blockSize, population.count), of: population.count)
        }
    }
}
