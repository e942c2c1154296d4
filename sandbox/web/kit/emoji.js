// Emoji by the names that people and incident bots use. A name that is not here is shown as it was typed.

const TABLE = `
+1 👍 -1 👎 100 💯 1234 🔢 8ball 🎱 a 🅰️ airplane ✈️ alarm_clock ⏰ alembic ⚗️ ambulance 🚑 anchor ⚓ angel 👼 anger 💢 angry 😠
anguished 😧 ant 🐜 apple 🍎 arrow_backward ◀️ arrow_down ⬇️ arrow_forward ▶️ arrow_heading_up ⤴️ arrow_left ⬅️
arrow_lower_right ↘️ arrow_right ➡️ arrow_right_hook ↪️ arrow_up ⬆️ arrow_upper_right ↗️ arrows_clockwise 🔃
arrows_counterclockwise 🔄 art 🎨 astonished 😲 atom_symbol ⚛️ b 🅱️ baby 👶 back 🔙 ballot_box_with_check ☑️ balloon 🎈
bangbang ‼️ bank 🏦 bar_chart 📊 battery 🔋 beach_with_umbrella 🏖️ bear 🐻 beer 🍺 beers 🍻 beetle 🪲 bell 🔔 bicyclist 🚴
bike 🚲 bird 🐦 birthday 🎂 black_circle ⚫ black_heart 🖤 black_large_square ⬛ black_small_square ▪️ blossom 🌼 blue_book 📘
blue_heart 💙 blush 😊 boat ⛵ bomb 💣 book 📖 bookmark 🔖 bookmark_tabs 📑 books 📚 boom 💥 bow 🙇 brain 🧠 bread 🍞
bricks 🧱 briefcase 💼 broken_heart 💔 broom 🧹 brown_heart 🤎 bug 🐛 building_construction 🏗️ bulb 💡 bullettrain_side 🚄
bus 🚌 bust_in_silhouette 👤 busts_in_silhouette 👥 butterfly 🦋 cactus 🌵 cake 🍰 calendar 📅 call_me_hand 🤙 calling 📲
camera 📷 candle 🕯️ card_file_box 🗃️ card_index 📇 card_index_dividers 🗂️ cat 🐱 chains ⛓️ chart 💹
chart_with_downwards_trend 📉 chart_with_upwards_trend 📈 checkered_flag 🏁 cherry_blossom 🌸 chess_pawn ♟️ chicken 🐔
clap 👏 clapper 🎬 classical_building 🏛️ clipboard 📋 clock1 🕐 clock12 🕛 clock3 🕒 clock6 🕕 clock9 🕘 closed_book 📕
closed_lock_with_key 🔐 cloud ☁️ clown_face 🤡 coffee ☕ coffin ⚰️ cold_sweat 😰 collision 💥 compass 🧭 computer 💻
confetti_ball 🎊 confounded 😖 confused 😕 construction 🚧 construction_worker 👷 control_knobs 🎛️ cookie 🍪 cool 🆒 cop 👮
copyright ©️ crab 🦀 credit_card 💳 crossed_fingers 🤞 crossed_swords ⚔️ crown 👑 cry 😢 crystal_ball 🔮 cyclone 🌀 dancer 💃
dark_sunglasses 🕶️ dart 🎯 dash 💨 date 📅 desktop_computer 🖥️ diamond_shape_with_a_dot_inside 💠 disappointed 😞 disguised_face 🥸
dizzy 💫 dizzy_face 😵 dna 🧬 dog 🐶 dolphin 🐬 door 🚪 double_vertical_bar ⏸️ dragon 🐉 droplet 💧 duck 🦆 dvd 📀 e-mail 📧
eagle 🦅 ear 👂 earth_africa 🌍 earth_americas 🌎 earth_asia 🌏 eight 8️⃣ eject ⏏️ electric_plug 🔌 elephant 🐘 email ✉️ end 🔚
envelope ✉️ envelope_with_arrow 📩 exclamation ❗ exploding_head 🤯 expressionless 😑 eye 👁️ eyeglasses 👓 eyes 👀 face_palm 🤦
face_with_monocle 🧐 face_with_rolling_eyes 🙄 face_with_thermometer 🤒 face_with_head_bandage 🤕 facepunch 👊 factory 🏭
fallen_leaf 🍂 fast_forward ⏩ fax 📠 fearful 😨 feet 🐾 female-doctor 👩‍⚕️ female-firefighter 👩‍🚒 female-technologist 👩‍💻 file_cabinet 🗄️
file_folder 📁 fire 🔥 fire_engine 🚒 fire_extinguisher 🧯 fireworks 🎆 first_place_medal 🥇 fish 🐟 fist 👊 five 5️⃣
flag-gb 🇬🇧 flag-us 🇺🇸 flag-de 🇩🇪 flag-fr 🇫🇷 flag-in 🇮🇳 flag-eu 🇪🇺 flashlight 🔦 floppy_disk 💾 flushed 😳 fog 🌫️
four 4️⃣ four_leaf_clover 🍀 fox_face 🦊 free 🆓 frog 🐸 frowning 😦 fuelpump ⛽ funeral_urn ⚱️ game_die 🎲 gear ⚙️ gem 💎
ghost 👻 gift 🎁 globe_with_meridians 🌐 goat 🐐 goal_net 🥅 green_book 📗 green_heart 💚 grey_exclamation ❕ grey_question ❔
grimacing 😬 grin 😁 grinning 😀 guardsman 💂 guitar 🎸 gun 🔫 hammer 🔨 hammer_and_pick ⚒️ hammer_and_wrench 🛠️ hand ✋
handshake 🤝 hankey 💩 hash #️⃣ hatching_chick 🐣 headphones 🎧 heart ❤️ heart_eyes 😍 heartbeat 💓 heavy_check_mark ✔️
heavy_division_sign ➗ heavy_dollar_sign 💲 heavy_exclamation_mark ❗ heavy_minus_sign ➖ heavy_multiplication_x ✖️
heavy_plus_sign ➕ helicopter 🚁 helmet_with_white_cross ⛑️ herb 🌿 hibiscus 🌺 high_brightness 🔆 hole 🕳️ honeybee 🐝
horse 🐴 hospital 🏥 hot_pepper 🌶️ hotel 🏨 hourglass ⌛ hourglass_flowing_sand ⏳ house 🏠 hugging_face 🤗 hushed 😯 ice_cube 🧊
id 🆔 inbox_tray 📥 incoming_envelope 📨 infinity ♾️ information_source ℹ️ innocent 😇 interrobang ⁉️ iphone 📱 jigsaw 🧩 joy 😂
joystick 🕹️ key 🔑 keyboard ⌨️ kiss 💋 knife 🔪 label 🏷️ ladder 🪜 ladybug 🐞 large_blue_circle 🔵 large_blue_diamond 🔷
large_blue_square 🟦 large_brown_circle 🟤 large_green_circle 🟢 large_green_square 🟩 large_orange_circle 🟠
large_orange_diamond 🔶 large_orange_square 🟧 large_purple_circle 🟣 large_purple_square 🟪 large_red_square 🟥
large_yellow_circle 🟡 large_yellow_square 🟨 laptop 💻 laughing 😆 leaves 🍃 ledger 📒 left_right_arrow ↔️ link 🔗
linked_paperclips 🖇️ lion_face 🦁 lock 🔒 lock_with_ink_pen 🔏 loop ➿ loud_sound 🔊 loudspeaker 📢 love_letter 💌 low_battery 🪫
low_brightness 🔅 lower_left_ballpoint_pen 🖊️ m Ⓜ️ mag 🔍 mag_right 🔎 mage 🧙 magic_wand 🪄 magnet 🧲 mailbox 📫
male-technologist 👨‍💻 mask 😷 mechanical_arm 🦾 medal 🏅 mega 📣 memo 📝 microphone 🎤 microscope 🔬 minibus 🚐 minidisc 💽
mirror 🪞 money_with_wings 💸 moneybag 💰 monkey 🐒 monkey_face 🐵 moon 🌔 mortar_board 🎓 mountain ⛰️ mouse 🐭 mouse_trap 🪤
movie_camera 🎥 moyai 🗿 muscle 💪 mushroom 🍄 musical_note 🎵 mute 🔇 negative_squared_cross_mark ❎ nerd_face 🤓
neutral_face 😐 new 🆕 newspaper 📰 ng 🆖 night_with_stars 🌃 nine 9️⃣ no_bell 🔕 no_entry ⛔ no_entry_sign 🚫 no_good 🙅
notebook 📓 nut_and_bolt 🔩 o ⭕ ocean 🌊 octagonal_sign 🛑 octopus 🐙 office 🏢 ok 🆗 ok_hand 👌 ok_woman 🙆 old_key 🗝️
on 🔛 one 1️⃣ open_book 📖 open_file_folder 📂 open_hands 👐 open_mouth 😮 orange_book 📙 orange_circle 🟠 orange_heart 🧡
outbox_tray 📤 owl 🦉 package 📦 page_facing_up 📄 page_with_curl 📃 pager 📟 palm_tree 🌴 panda_face 🐼 paperclip 📎 parking 🅿️
partly_sunny ⛅ partying_face 🥳 passport_control 🛂 pencil 📝 pencil2 ✏️ penguin 🐧 pensive 😔 persevere 😣 petri_dish 🧫
phone ☎️ pick ⛏️ pie 🥧 pig 🐷 pill 💊 pinched_fingers 🤌 pizza 🍕 placard 🪧 pleading_face 🥺 plunger 🪠 point_down 👇
point_left 👈 point_right 👉 point_up ☝️ point_up_2 👆 police_car 🚓 poop 💩 postbox 📮 postal_horn 📯 pray 🙏 printer 🖨️ punch 👊
purple_circle 🟣 purple_heart 💜 pushpin 📌 question ❓ rabbit 🐰 racehorse 🐎 radio 📻 radio_button 🔘 radioactive_sign ☢️ rage 😡
rain_cloud 🌧️ rainbow 🌈 raised_back_of_hand 🤚 raised_hand ✋ raised_hands 🙌 raising_hand 🙋 rat 🐀 receipt 🧾 recycle ♻️
red_car 🚗 red_circle 🔴 registered ®️ relaxed ☺️ relieved 😌 reminder_ribbon 🎗️ repeat 🔁 repeat_one 🔂 rewind ⏪ ring 💍
robot_face 🤖 rocket 🚀 rolled_up_newspaper 🗞️ rolling_on_the_floor_laughing 🤣 rose 🌹 rotating_light 🚨 round_pushpin 📍
rowboat 🚣 runner 🏃 running 🏃 sa 🈂️ safety_pin 🧷 safety_vest 🦺 salute 🫡 saluting_face 🫡 satellite 🛰️ satellite_antenna 📡
satisfied 😆 scales ⚖️ school 🏫 scissors ✂️ scream 😱 screwdriver 🪛 scroll 📜 second_place_medal 🥈 see_no_evil 🙈 seedling 🌱
seven 7️⃣ shark 🦈 sheep 🐑 shield 🛡️ ship 🚢 shopping_trolley 🛒 shrug 🤷 signal_strength 📶 six 6️⃣ skull 💀
skull_and_crossbones ☠️ sleeping 😴 sleuth_or_spy 🕵️ slightly_frowning_face 🙁 slightly_smiling_face 🙂 sloth 🦥
small_blue_diamond 🔹 small_orange_diamond 🔸 small_red_triangle 🔺 small_red_triangle_down 🔻 smile 😄 smiley 😃
smiling_face_with_tear 🥲 smirk 😏 smoking 🚬 snail 🐌 snake 🐍 snowflake ❄️ snowman ⛄ sob 😭 soon 🔜 sos 🆘 sound 🔉
space_invader 👾 sparkle ❇️ sparkler 🎇 sparkles ✨ speak_no_evil 🙊 speaker 🔈 speaking_head_in_silhouette 🗣️ speech_balloon 💬
speedboat 🚤 spider 🕷️ spider_web 🕸️ spiral_calendar_pad 🗓️ spiral_note_pad 🗒️ sponge 🧽 spock-hand 🖖 squid 🦑 stadium 🏟️ star ⭐
star-struck 🤩 star2 🌟 statue_of_liberty 🗽 steam_locomotive 🚂 stethoscope 🩺 stop_button ⏹️ stop_sign 🛑 stopwatch ⏱️
straight_ruler 📏 stuck_out_tongue 😛 studio_microphone 🎙️ sun_with_face 🌞 sunflower 🌻 sunglasses 😎 sunny ☀️ sunrise 🌅
sweat 😓 sweat_drops 💦 sweat_smile 😅 symbols 🔣 syringe 💉 taco 🌮 tada 🎉 tag 🏷️ tanabata_tree 🎋 tea 🍵 telephone ☎️
telephone_receiver 📞 telescope 🔭 tent ⛺ test_tube 🧪 thermometer 🌡️ thinking_face 🤔 third_place_medal 🥉 thought_balloon 💭
thread 🧵 three 3️⃣ three_button_mouse 🖱️ thumbsdown 👎 thumbsup 👍 thunder_cloud_and_rain ⛈️ ticket 🎫 tiger 🐯 timer_clock ⏲️
tired_face 😫 tm ™️ tools 🛠️ toolbox 🧰 tooth 🦷 top 🔝 tornado 🌪️ trackball 🖲️ tractor 🚜 traffic_light 🚥 train 🚋
triangular_flag_on_post 🚩 triangular_ruler 📐 triumph 😤 trophy 🏆 truck 🚚 trumpet 🎺 turtle 🐢 tv 📺
twisted_rightwards_arrows 🔀 two 2️⃣ umbrella ☔ umbrella_with_rain_drops ☔ unamused 😒 unicorn_face 🦄 unlock 🔓 up 🆙
upside_down_face 🙃 v ✌️ vertical_traffic_light 🚦 vhs 📼 vibration_mode 📳 video_camera 📹 video_game 🎮 volcano 🌋 vs 🆚
walking 🚶 warning ⚠️ wastebasket 🗑️ watch ⌚ wave 👋 waving_white_flag 🏳️ waving_black_flag 🏴 weary 😩 whale 🐳 wheel 🛞
wheelchair ♿ white_check_mark ✅ white_circle ⚪ white_heart 🤍 white_large_square ⬜ white_small_square ▫️ wind_blowing_face 🌬️
wine_glass 🍷 wink 😉 wolf 🐺 wood 🪵 worm 🪱 worried 😟 wrench 🔧 writing_hand ✍️ x ❌ yellow_heart 💛 yum 😋 zany_face 🤪 zap ⚡
zero 0️⃣ zipper_mouth_face 🤐 zombie 🧟 zzz 💤 keycap_ten 🔟 barely_sunny 🌥️ lightning ⚡ lightning_cloud 🌩️ heavy_heart 💗
`;

const WORDS = TABLE.trim().split(/\s+/);
export const EMOJI = new Map();
for (let i = 0; i + 1 < WORDS.length; i += 2) EMOJI.set(WORDS[i], WORDS[i + 1]);

const TONES = { 2: "🏻", 3: "🏼", 4: "🏽", 5: "🏾", 6: "🏿" };

// The characters of a shortcode's name ("wave", "wave::skin-tone-3"), or null.
export function emoji(name) {
  const tone = /^skin-tone-([2-6])$/.exec(name);
  return tone ? TONES[tone[1]] : (EMOJI.get(name) ?? null);
}
