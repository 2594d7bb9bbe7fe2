/// Who the person is and where (個人基本情報).
enum PersonItems {
    /// Its items in the order of the dictionary.
    static let all: [ItemDefinition] = [
        Item.receivedOn.definition,
        Item.familyName.definition,
        Item.givenName.definition,
        Item.familyKana.definition,
        Item.givenKana.definition,
        Item.latinName.definition,
        Item.birthDate.definition,
        Item.ageAtDiagnosis.definition,
        Item.ageMonths.definition,
        Item.ageBand.definition,
        Item.sex.definition,
        Item.nationality.definition,
        Item.postalCode.definition,
        Item.addressMunicipality.definition,
        Item.addressLine.definition,
        Item.stayMunicipality.definition,
        Item.stayLine.definition,
        Item.phone.definition,
        Item.mobilePhone.definition,
        Item.email.definition,
    ]
}

extension Item where Content == String {
    /// Family name (姓（漢字）), item 2 of 別記様式6-1.
    public static let familyName = Item(
        "family_name",
        .person,
        "姓（漢字）",
        "Family name",
        .name,
        form: "2",
        nesid: true,
        sensitivity: .identifying
    )

    /// Given name (名（漢字）), item 2 of 別記様式6-1.
    public static let givenName = Item(
        "given_name",
        .person,
        "名（漢字）",
        "Given name",
        .name,
        form: "2",
        nesid: true,
        sensitivity: .identifying
    )

    /// Family name (kana) (姓（フリガナ）), item 2 of 別記様式6-1.
    public static let familyKana = Item(
        "family_kana",
        .person,
        "姓（フリガナ）",
        "Family name (kana)",
        .kana,
        form: "2",
        nesid: true,
        sensitivity: .identifying,
        note: "stored as full-width katakana whatever is typed"
    )

    /// Given name (kana) (名（フリガナ）), item 2 of 別記様式6-1.
    public static let givenKana = Item(
        "given_kana",
        .person,
        "名（フリガナ）",
        "Given name (kana)",
        .kana,
        form: "2",
        nesid: true,
        sensitivity: .identifying
    )

    /// Name in Latin letters (姓名（ローマ字）).
    public static let latinName = Item(
        "latin_name",
        .person,
        "姓名（ローマ字）",
        "Name in Latin letters",
        .name,
        sensitivity: .identifying,
        note: "as on the passport; a foreign resident may have only this name"
    )

    /// Postal code (郵便番号).
    public static let postalCode = Item("postal_code", .person, "郵便番号", "Postal code", .postalCode, note: "7 digits")

    /// Municipality of residence (住所（市区町村）), item 7 of 別記様式6-1.
    public static let addressMunicipality = Item(
        "address_municipality",
        .person,
        "住所（市区町村）",
        "Municipality of residence",
        .municipality,
        form: "7",
        nesid: true,
        note: "全国地方公共団体コード 6 digits with check digit"
    )

    /// Address (住所（町名・番地・建物）), item 7 of 別記様式6-1.
    public static let addressLine = Item(
        "address_line",
        .person,
        "住所（町名・番地・建物）",
        "Address",
        .text,
        form: "7",
        nesid: true,
        sensitivity: .identifying
    )

    /// Municipality of present stay (所在地（市区町村）), item 8 of 別記様式6-1.
    public static let stayMunicipality = Item(
        "stay_municipality",
        .person,
        "所在地（市区町村）",
        "Municipality of present stay",
        .municipality,
        form: "8",
        nesid: true,
        note: "where the person is now: not the residence"
    )

    /// Present stay (所在地（町名・番地・建物）), item 8 of 別記様式6-1.
    public static let stayLine = Item(
        "stay_line",
        .person,
        "所在地（町名・番地・建物）",
        "Present stay",
        .text,
        form: "8",
        nesid: true,
        sensitivity: .identifying
    )

    /// Telephone (連絡先電話番号), item 7 of 別記様式6-1.
    public static let phone = Item(
        "phone",
        .person,
        "連絡先電話番号",
        "Telephone",
        .phone,
        form: "7",
        nesid: true,
        sensitivity: .identifying
    )

    /// Mobile telephone (for SMS and automatic calls) (携帯電話番号).
    public static let mobilePhone = Item(
        "mobile_phone",
        .person,
        "携帯電話番号",
        "Mobile telephone (for SMS and automatic calls)",
        .phone,
        sensitivity: .identifying
    )

    /// E-mail address (メールアドレス).
    public static let email = Item("email", .person, "メールアドレス", "E-mail address", .email, sensitivity: .identifying)
}

extension Item where Content == Code {
    /// Age band (年代).
    public static let ageBand = Item(
        "age_band",
        .person,
        "年代",
        "Age band",
        .code(.ageBand),
        note: "computed; entered only where birth date and age are unknown"
    )

    /// Sex (性別), item 3 of 別記様式6-1.
    public static let sex = Item("sex", .person, "性別", "Sex", .code(.sex), form: "3", nesid: true)

    /// Nationality (国籍).
    public static let nationality = Item(
        "nationality",
        .person,
        "国籍",
        "Nationality",
        .code(.country),
        nesid: true,
        note: "ISO 3166-1 alpha-2"
    )
}

extension Item where Content == CalendarDate {
    /// Date received (受付年月日).
    public static let receivedOn = Item("received_on", .person, "受付年月日", "Date received", .date, nesid: true)

    /// Date of birth (生年月日), item 4 of 別記様式6-1.
    public static let birthDate = Item(
        "birth_date",
        .person,
        "生年月日",
        "Date of birth",
        .date,
        form: "4",
        nesid: true,
        sensitivity: .identifying,
        note: "Western and Japanese era entry"
    )
}

extension Item where Content == Int {
    /// Age at diagnosis (診断時の年齢), item 5 of 別記様式6-1.
    public static let ageAtDiagnosis = Item(
        "age_at_diagnosis",
        .person,
        "診断時の年齢",
        "Age at diagnosis",
        .integer,
        form: "5",
        nesid: true,
        range: 0...130,
        unit: "歳",
        note: "years; months for age 0 in age_months; computed from birth_date when that is known"
    )

    /// Age in months (age 0) (月齢（0歳）), item 5 of 別記様式6-1.
    public static let ageMonths = Item(
        "age_months",
        .person,
        "月齢（0歳）",
        "Age in months (age 0)",
        .integer,
        form: "5",
        nesid: true,
        range: 0...11,
        unit: "か月"
    )
}
