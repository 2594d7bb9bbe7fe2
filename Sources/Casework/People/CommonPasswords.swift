import Catalogue
import Crypto

/// Words that passwords are most often made of: 16 000 from published breaches, and those of Japan and of this system.
enum CommonPasswords {
    /// Letters that a word has at least.
    static let shortest = 4

    /// Words in the list that ships.
    static var count: Int { PackageResources.common_passwords_bin.count / 4 }

    /// Whether a word, in small letters, is one of them.
    ///
    /// One in 260 000 others meets a hash of the list by chance, and has to choose another password.
    static func contains(_ word: String) -> Bool {
        guard word.count >= shortest else { return false }
        return ownWords.contains(word) || listed(word)
    }

    private static func listed(_ word: String) -> Bool {
        let hash = SHA256.hash(data: Array(word.utf8)).prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let bytes = PackageResources.common_passwords_bin
        var (low, high) = (0, bytes.count / 4)
        while low < high {
            let middle = (low + high) / 2
            let found = bytes[middle * 4..<middle * 4 + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            if found == hash { return true }
            if found < hash { low = middle + 1 } else { high = middle }
        }
        return false
    }

    /// What people in Japan and at this work choose: words, names, places, teams.
    private static let ownWords = Set(
        """
        pasuwaado pasuwado pasuwodo aikotoba himitsu angou kagi password kanri kanrisha riyousha shokuin tantou shokai
        hersys hersis korona corona covid kansen kansenshou kansensho hokenjo hokensho byouin byoin iryou kango kangoshi
        isha ishi kurinikku shinryoujo kenkou kenko wakuchin masuku ryouyou nyuuin kensa pcrkensa kousei koseirou
        kouroushou jichitai shiyakusho kuyakusho yakuba kenchou tochou chousei
        nihon nippon japan tokyo toukyou osaka oosaka kyoto kyouto nagoya sapporo sendai yokohama kawasaki saitama chiba
        hiroshima fukuoka kitakyushu niigata shizuoka hamamatsu okayama kumamoto kagoshima okinawa hokkaido aomori iwate
        miyagi akita yamagata fukushima ibaraki tochigi gunma kanagawa toyama ishikawa fukui yamanashi nagano gifu aichi
        shiga hyogo nara wakayama tottori shimane yamaguchi tokushima kagawa ehime kochi saga nagasaki oita miyazaki
        shinjuku shibuya minato chiyoda setagaya
        sato satou suzuki takahashi tanaka watanabe itou yamamoto nakamura kobayashi katou yoshida yamada sasaki
        yamaguchi matsumoto inoue kimura hayashi shimizu yamazaki ikeda hashimoto ishikawa ogawa ishii hasegawa fujita
        gotou okada kondou nakajima endou aoki sakamoto saitou
        sakura hanako tarou taro ichiro ichirou jiro jirou saburou yuuki yuki haruka haruto sakurako hiroshi takashi
        kenji kenta daiki takumi shota shouta hikaru misaki aoi yui nanami ayaka mayumi keiko yoko youko akiko naoko
        arigatou arigato aishiteru daisuki sukidayo konnichiwa ohayou ganbare ganbaru sayonara yoroshiku kawaii neko
        inu hoshi tsuki umi yama fuji fujisan himawari ajisai momiji haru natsu fuyu ryu samurai ninja sushi ramen
        doraemon pikachu pokemon naruto onepiece totoro gundam kitty giants tigers hanshin carp hawks dragons arashi
        reiwa heisei shouwa showa taishou spring summer autumn winter haruhana welcome qwerty asdf zxcv admin administrator root
        パスワード ぱすわーど あいことば ひみつ さくら サクラ ありがとう あいしてる だいすき にほん ニッポン とうきょう
        おおさか ほけんじょ ホケンジョ びょういん コロナ ころな 保健所 病院 東京都 大阪府 日本 令和 平成
        """.split(whereSeparator: \.isWhitespace).map(String.init).filter { $0.count >= shortest }
    )
}
