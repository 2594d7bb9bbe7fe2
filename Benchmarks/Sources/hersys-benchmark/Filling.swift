import Access
import Casework
import Demonstration
import Storage

/// Fills a database with a demonstration's cases, as `hersys demo` does.
struct Filling {
    private let population: Population
    private let loader: Loader
    private let accounts: LoadedAccounts
    private let numbers: Range<Int64>
    private let blocks: Range<Int>
    /// Makes of a case what is stored.
    private let change: @Sendable (LoadedCase) -> LoadedCase

    /// Gets ready to store some of a population's blocks.
    init(
        _ population: Population,
        _ blocks: Range<Int>,
        into ground: Ground,
        change: @escaping @Sendable (LoadedCase) -> LoadedCase = { $0 }
    ) async throws {
        self.change = change
        self.population = population
        self.blocks = blocks
        loader = try await Loader(ground.casework)
        accounts = try await loader.load(
            accounts: population.accounts.map { ($0.login, $0.name, $0.organisation, $0.phone) },
            password: Ground.password
        )
        try await ground.casework.acceptTerms(logins: population.accounts.map(\.login))
        numbers = try await loader.allocate(blocks.count * Population.blockSize)
    }

    /// Who calls for a login.
    func caller(_ login: String, _ population: Population) -> Caller? {
        guard let account = population.accounts.first(where: { $0.login == login }),
            let organisation = population.organisations.first(where: { $0.key == account.organisation })
        else { return nil }
        return Caller(
            Viewer(organisation: organisation, account: accounts[login] ?? 0, name: account.name),
            through: .page,
            address: "127.0.0.1"
        )
    }

    /// Stores the blocks: the next is made on one core while the engine stores the one before on the other.
    ///
    /// - Parameter stored: told the first number of each block and its cases.
    /// - Throws: what the database fails with.
    func fill(stored: (Int64, [LoadedCase]) async throws -> Void = { _, _ in }) async throws {
        var ready = try make(blocks.lowerBound)
        for index in blocks {
            async let next = make(index + 1)
            try await loader.store(ready.prepared)
            try await stored(ready.first, ready.cases)
            ready = try await next
            let done = index + 1 - blocks.lowerBound
            if done % 100 == 0 { Measure.say("\(done * Population.blockSize) cases") }
        }
    }

    private struct Block {
        let first: Int64
        let cases: [LoadedCase]
        let prepared: [CaseStore.Prepared]
    }

    private func make(_ index: Int) throws -> Block {
        guard blocks.contains(index) else { return Block(first: 0, cases: [], prepared: []) }
        let begin = index * Population.blockSize
        let first = numbers.lowerBound + Int64((index - blocks.lowerBound) * Population.blockSize)
        let ids = try (0..<Population.blockSize).map { try loader.number(first + Int64($0)) }
        let made = population.block(index) { ids[$0 - begin] }
        let cases = made.map { one in
            change(
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
            )
        }
        return Block(first: first, cases: cases, prepared: try loader.prepare(cases, by: accounts, from: first))
    }
}
