/// Kanji written in several ways in names.
///
/// Own list: new and old forms of the 常用漢字 and 人名用漢字, and the forms met in family registers (戸籍). A group is one
/// character written differently, its first the form that stands for all; nothing is closed transitively, which would
/// throw together names that have nothing to do with each other.
enum KanjiVariants {
    /// The form that stands for the character's group.
    static func fold(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        variants.fold(scalar)
    }

    /// The form that stands for all characters easily taken for this one.
    static func foldSimilar(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        lookalikes.fold(scalar)
    }

    /// An array for the common block, because this runs for every character of every name.
    private struct Table {
        private var common = [UInt16](repeating: 0, count: 0x5200)
        private var rare: [Unicode.Scalar: Unicode.Scalar] = [:]

        init(_ groups: String) {
            for group in groups.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
                guard let first = group.unicodeScalars.first else { continue }
                for scalar in group.unicodeScalars.dropFirst() {
                    if (0x4E00..<0xA000).contains(scalar.value), first.value <= 0xFFFF {
                        common[Int(scalar.value - 0x4E00)] = UInt16(first.value)
                    } else {
                        rare[scalar] = first
                    }
                }
            }
        }

        func fold(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
            let value = scalar.value
            if value >= 0x4E00, value < 0xA000 {
                let folded = common[Int(value - 0x4E00)]
                return folded == 0 ? scalar : Unicode.Scalar(folded) ?? scalar
            }
            return value < 0x3400 ? scalar : rare[scalar] ?? scalar
        }
    }

    private static let variants = Table(groups)
    private static let lookalikes = Table(similar)

    /// One character, several forms.
    static let groups = """
        高髙 崎﨑嵜 斎齋 斉齊 辺邊邉 浜濱濵 吉𠮷 桑桒 柳栁桺 徳德 沢澤 国國圀 島嶋嶌 富冨 広廣 真眞 恵惠 竜龍 曽曾 槙槇
        桧檜 薮藪籔 淵渕渊 館舘 円圓 寿壽 瀬瀨 浅淺 栄榮 桜櫻 滝瀧 関關 穂穗 緑綠 黒黑 横橫 温溫 巻卷 絵繪 蔵藏 条條
        狭狹 峡峽 楽樂 薬藥 権權 勧勸 歓歡 観觀 顕顯 検檢 険險 剣劍劔剱釼 県縣 献獻 教敎 郷鄕 強强 暁曉 尭堯 径徑
        渓溪 経經 蛍螢 軽輕 茎莖 鶏鷄雞 芸藝 撃擊 圏圈 厳嚴 効效 恒恆 黄黃 鉱鑛 号號 済濟 砕碎 雑雜 桟棧 参參 賛贊
        残殘 糸絲 歯齒 児兒 辞辭 湿濕 実實 写寫 釈釋 収收 従從 渋澁澀 獣獸 縦縱 粛肅 処處 緒緖 叙敍敘 将將 奨奬 渉涉
        焼燒 称稱 証證 乗乘 浄淨 畳疊 縄繩 壌壤 嬢孃 譲讓 醸釀 触觸 慎愼 晋晉 寝寢 尽盡 図圖 粋粹 酔醉 随隨 枢樞
        数數 声聲 静靜 摂攝 専專 戦戰 践踐 銭錢 潜潛 繊纖 禅禪 双雙 壮壯 争爭 荘莊 捜搜 巣巢 装裝 総總 増增 即卽 属屬
        続續 体體 対對 帯帶 台臺 択擇 担擔 単單 団團 弾彈 断斷 遅遲 虫蟲 昼晝 鋳鑄 庁廳 徴徵 聴聽 鎮鎭 鉄鐵銕 点點
        転轉 伝傳 灯燈 当當 党黨 稲稻 独獨 読讀 届屆 弐貳 拝拜 廃廢 売賣 麦麥 発發 髪髮 抜拔 秘祕 仏佛 払拂 並竝 変變
        弁辨瓣辯 宝寶寳 豊豐 翻飜 毎每 万萬 満滿 弥彌 訳譯 予豫 余餘 与與 誉譽 揺搖 様樣 謡謠 来來 頼賴 乱亂 覧覽 両兩
        塁壘 礼禮 励勵 齢齡 恋戀 炉爐 労勞 楼樓 湾灣 亜亞 囲圍 為爲 医醫 壱壹 飲飮 隠隱 営營 衛衞 駅驛 塩鹽 縁緣 艶艷
        応應 欧歐 奥奧 価價 画畫 仮假 会會 回囘 懐懷 拡擴 覚覺 学學斈 岳嶽 寛寬 巌巖 気氣 帰歸 亀龜 旧舊 拠據 挙擧 虚虛
        区區 駆驅 勲勳 薫薰 鴎鷗 祷禱 填塡 頬頰 繍繡 蒋蔣 蝉蟬 騨驒 莱萊 蝋蠟 灌潅 麹麴 侠俠 倶俱 呑吞 焔焰 屏屛 枡桝
        梅楳 松枩枀 橋槗𣘺 土圡 丈𠀋 冴冱 涼凉 沖冲 準凖 船舩 峰峯 裏裡 群羣 略畧 雁鴈 鴬鶯 鶴靏靍鸖 柏栢 柿柹 栃杤
        秋穐龝 聡聰 悦悅 晃晄 昇曻 清淸 青靑 禄祿 祢禰 竪豎 繋繫 纏纒 恥耻 婿壻聟 兎兔 菟莵 萌萠 園薗 芦蘆 諌諫 歌謌
        迩邇 遥遙 郎郞 野埜 鎌鐮 錬鍊 鋭銳 録錄 鑑鑒 鈎鉤 隣鄰 顔顏 頚頸 鯵鰺 内內 冊册 凛凜 卯夘 却卻 厩廐廏 呉吳
        喜㐂 壷壺 姉姊 姫姬 尚尙 彦彥 戸戶 歩步 歳歲 歴歷 暦曆 毘毗 氷冰 涙淚 煕熙熈 状狀 猫貓 瑶瑤 皐皋 杯盃 砺礪
        研硏 穣穰 窓窗 竈竃 絶絕 脱脫 舎舍 舗舖 虎乕 蛎蠣 説說 税稅 閲閱 輌輛 餅餠 黙默 亘亙 併倂 刃刄 哲喆 夢梦 妊姙
        晩晚 梼檮 湧涌 濤涛 爾尓 珍珎 霊靈 籠篭 鞍鞌 蓑簑 杉杦
        """

    /// Characters that are different names and are mistaken for each other on paper and on the telephone.
    static let similar = """
        斉斎 藤籐 荻萩 崎埼碕 坂阪 川河 堀掘 栗粟 治冶 末未 土士 享亨 鳥烏 網綱 裕祐佑 己巳已 宏弘 徹撤 博搏 柿杮
        畑畠 修脩 州洲 遊游 刈苅 杉椙 大太 矢失 宮官 緑縁 瑞端 侯候 幸辛 桂柱 今令 牧枚 隆降 義儀 紀記 傑杰 昭照 明朋
        """
}
