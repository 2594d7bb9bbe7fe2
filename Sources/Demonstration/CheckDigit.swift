import Catalogue

/// Codes with their check digits.
enum CheckDigit {
    /// A municipality's code of six digits from its first five.
    static func municipality(_ five: String) -> String {
        five + (MunicipalityCode.checkDigit(five).map(String.init) ?? "")
    }

    /// An institution's code of ten digits from its first nine.
    static func institution(_ nine: String) -> String {
        nine + (InstitutionCode.checkDigit(nine).map(String.init) ?? "")
    }
}
