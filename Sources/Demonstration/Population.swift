public import Access
public import Catalogue

/// A made-up epidemic with the organisations that work on it: the same seed gives the same data.
///
/// Nobody in it exists. Municipalities and health centres have their real names, because the rules of jurisdiction
/// need real ones; persons, institutions, streets, codes of institutions and telephone numbers are invented, the
/// numbers so that they can be assigned to nobody.
public struct Population: Sendable {
    /// All organisations, each after the one above it.
    public let organisations: [Organisation]
    /// All accounts; every organisation has one at least.
    public let accounts: [DemonstrationAccount]
    /// The municipalities in which cases live, with their real names and codes.
    public let municipalities: [(code: String, prefecture: String, name: String)]
    /// How many cases there are.
    public let count: Int

    private let seed: UInt64
    private let network: Network
    private let curve: Curve

    /// Cases in a block, but for the last.
    public static let blockSize = 1000

    /// A population of a size.
    ///
    /// - Parameters:
    ///   - cases: how many cases.
    ///   - seed: the same gives the same population.
    ///   - today: the last day; nothing is later than noon of it.
    public init(cases: Int, seed: UInt64, today: CalendarDate) {
        count = max(0, cases)
        self.seed = seed
        network = NetworkBuilder.network(seed: seed)
        curve = Curve(today: today)
        organisations = network.organisations
        accounts = network.accounts
        municipalities = Municipalities.all.map { ($0.code, $0.prefecture, $0.name) }
    }

    /// Accounts to try the system with, one of each kind of organisation at least.
    public var featured: [DemonstrationAccount] {
        Network.featuredLogins.compactMap { login in accounts.first { $0.login == login } }
    }

    /// How many blocks there are; each can be made at any time on any thread.
    public var blockCount: Int { (count + Self.blockSize - 1) / Self.blockSize }

    /// The cases of a block.
    ///
    /// Each block is a part of the epidemic's time, in order of time but for households; who infected whom stays
    /// within it.
    /// - Parameters:
    ///   - index: from 0 to below ``blockCount``.
    ///   - number: the HER-SYS ID of the population's n-th case, counted from 0.
    /// - Returns: the cases, from `index * blockSize` on; empty where there is no such block.
    public func block(_ index: Int, number: (Int) -> CaseNumber) -> [DemonstrationCase] {
        let first = index * Self.blockSize
        let size = min(Self.blockSize, count - first)
        guard index >= 0, size > 0 else { return [] }
        return withoutActuallyEscaping(number) { number in
            var maker = BlockMaker(
                network,
                curve,
                seed: seed,
                block: index,
                count: size,
                first: first,
                total: count
            ) { number(first + $0) }
            return maker.make()
        }
    }
}
