using System.Net;
using Microsoft.Data.Sqlite;

namespace MbmsMe.Lab;

/// <summary>A bootstrapping run as the BSF keeps it.</summary>
/// <param name="Id">Grows with every run, so that "negotiated later than" needs no clock.</param>
/// <param name="Btid">B-TID.</param>
/// <param name="Imsi">The subscriber.</param>
/// <param name="Rand">RAND, 16 octets.</param>
/// <param name="Ks">Ks, 32 octets.</param>
/// <param name="Expires">End of the lifetime, a whole second.</param>
public sealed record Bootstrapping(long Id, string Btid, string Imsi, byte[] Rand, byte[] Ks, DateTimeOffset Expires);

/// <summary>The keys the BM-SC shares with a UE. They are kept for ever; <paramref name="Expires"/> says what they are still good for.</summary>
/// <param name="Id">The bootstrapping run's.</param>
/// <param name="Btid">B-TID.</param>
/// <param name="Imsi">The subscriber.</param>
/// <param name="Key">MUK, 32 octets.</param>
/// <param name="Mrk">MRK, 32 octets.</param>
/// <param name="Expires">End of the GBA lifetime.</param>
/// <param name="Counter">The last counter sent under this MUK.</param>
/// <param name="Fqdn">The BM-SC that has it: every BM-SC gets its own MUK from one B-TID.</param>
public sealed record Muk(long Id, string Btid, string Imsi, byte[] Key, byte[] Mrk, DateTimeOffset Expires, uint Counter, string Fqdn);

/// <summary>Where the delivery of an MSK to a UE stands.</summary>
public enum DeliveryState
{
    /// <summary>Not acknowledged yet.</summary>
    Pending,

    /// <summary>Acknowledged.</summary>
    Acknowledged,

    /// <summary>Given up: too many tries, the MUK's lifetime is over, or a newer MUK took its place.</summary>
    Abandoned,
}

/// <summary>An MSK on its way to a UE, or arrived.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Imsi">The subscriber.</param>
/// <param name="Btid">The MUK's B-TID.</param>
/// <param name="Group">Key Group of the MSK.</param>
/// <param name="Number">Key Number of the MSK.</param>
/// <param name="Profile">Profile.</param>
/// <param name="Counter">Counter of <paramref name="Message"/>; 0 before the first message.</param>
/// <param name="Message">The message last sent.</param>
/// <param name="State">How far it got.</param>
/// <param name="Fqdn">The MUK's BM-SC.</param>
public sealed record Delivery(
    long Id, string Imsi, string Btid, KeyGroup Group, ushort Number, MikeyProfile Profile, uint Counter, byte[] Message, DeliveryState State, string Fqdn);

/// <summary>An MTK with the message that brings it, which is repeated octet for octet.</summary>
/// <param name="Group">Key Group of the MSK.</param>
/// <param name="Number">Key Number of the MSK.</param>
/// <param name="Id">MTK ID.</param>
/// <param name="Key">The MTK, 16 octets.</param>
/// <param name="Salt">The master salt of SRTP, 14 octets.</param>
/// <param name="Counter">T of <paramref name="Message"/>.</param>
/// <param name="Profile">The profile of message and MKI.</param>
/// <param name="Message">The MTK message.</param>
/// <param name="Dummy">It never protects traffic.</param>
/// <param name="InForce">When it begins to protect traffic.</param>
public sealed record Mtk(
    KeyGroup Group, ushort Number, ushort Id, byte[] Key, byte[] Salt, uint Counter, MikeyProfile Profile, byte[] Message, bool Dummy, DateTimeOffset InForce)
{
    /// <summary>MKI of SRTP packets: MSK ID and MTK ID, 6 octets (draft2004: 4).</summary>
    public byte[] Mki => [.. Msk.MskId(Group, Number, Profile), (byte)(Id >> 8), (byte)Id];
}

/// <summary>Everything that must survive a restart of the lab, in one SQLite file.</summary>
public sealed class LabStore : IDisposable
{
    private const string Schema = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        CREATE TABLE IF NOT EXISTS subscriber (
            imsi TEXT PRIMARY KEY, sqn INTEGER NOT NULL, address TEXT);
        CREATE TABLE IF NOT EXISTS demand (
            imsi TEXT NOT NULL, fqdn TEXT NOT NULL, after INTEGER NOT NULL, PRIMARY KEY (imsi, fqdn));
        CREATE TABLE IF NOT EXISTS bootstrapping (
            id INTEGER PRIMARY KEY AUTOINCREMENT, btid TEXT NOT NULL UNIQUE, imsi TEXT NOT NULL,
            rand BLOB NOT NULL, ks BLOB NOT NULL, expires INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS muk (
            id INTEGER NOT NULL, btid TEXT NOT NULL, imsi TEXT NOT NULL,
            key BLOB NOT NULL, mrk BLOB NOT NULL, expires INTEGER NOT NULL, counter INTEGER NOT NULL DEFAULT 0, fqdn TEXT NOT NULL,
            PRIMARY KEY (id, fqdn), UNIQUE (btid, fqdn));
        CREATE TABLE IF NOT EXISTS msk (
            key_domain TEXT NOT NULL, key_group INTEGER NOT NULL, number INTEGER NOT NULL,
            key BLOB NOT NULL, rand BLOB NOT NULL, csb_id INTEGER NOT NULL, seq_low INTEGER NOT NULL, seq_high INTEGER NOT NULL,
            mtk_counter INTEGER NOT NULL DEFAULT 0, last_mtk INTEGER NOT NULL DEFAULT -1,
            created INTEGER PRIMARY KEY AUTOINCREMENT, UNIQUE (key_domain, key_group, number));
        CREATE TABLE IF NOT EXISTS mtk (
            key_domain TEXT NOT NULL, key_group INTEGER NOT NULL, number INTEGER NOT NULL, mtk_id INTEGER NOT NULL,
            key BLOB NOT NULL, salt BLOB NOT NULL, counter INTEGER NOT NULL, profile INTEGER NOT NULL, message BLOB NOT NULL,
            dummy INTEGER NOT NULL, in_force INTEGER NOT NULL, created INTEGER PRIMARY KEY AUTOINCREMENT,
            UNIQUE (key_domain, key_group, number, mtk_id));
        CREATE TABLE IF NOT EXISTS registration (
            imsi TEXT NOT NULL, service TEXT NOT NULL, PRIMARY KEY (imsi, service));
        CREATE TABLE IF NOT EXISTS delivery (
            id INTEGER PRIMARY KEY AUTOINCREMENT, imsi TEXT NOT NULL, btid TEXT NOT NULL,
            key_domain TEXT NOT NULL, key_group INTEGER NOT NULL, number INTEGER NOT NULL, profile INTEGER NOT NULL,
            counter INTEGER NOT NULL DEFAULT 0, message BLOB NOT NULL DEFAULT x'', state INTEGER NOT NULL DEFAULT 0,
            fqdn TEXT NOT NULL);
        PRAGMA user_version = 2;
        """;

    private const long Version = 2;

    private const string MukColumns = "SELECT id, btid, imsi, key, mrk, expires, counter, fqdn FROM muk";
    private const string MskColumns = "SELECT key_domain, key_group, number, key, rand, csb_id, seq_low, seq_high FROM msk";
    private const string MtkColumns = "SELECT key_domain, key_group, number, mtk_id, key, salt, counter, profile, message, dummy, in_force FROM mtk";
    private const string CreatedInForce =
        "COALESCE((SELECT MAX(created) FROM mtk WHERE key_domain = @0 AND key_group = @1 AND dummy = 0 AND in_force <= @2), 0)";
    private const string DeliveryColumns = "SELECT id, imsi, btid, key_domain, key_group, number, profile, counter, message, state, fqdn FROM delivery";

    private readonly SqliteConnection _connection;
    private readonly Lock _lock = new();

    /// <param name="path">The file, created if need be, or <c>:memory:</c>.</param>
    public LabStore(string path)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        if (Read("SELECT COUNT(*) FROM sqlite_master", row => row.GetInt64(0))[0] > 0 && Read("PRAGMA user_version", row => row.GetInt64(0))[0] != Version)
        {
            _connection.Dispose();
            throw new IOException($"{path} is the database of another version of the lab: remove it or name another file");
        }
        Execute(Schema);
    }

    /// <summary>Makes a subscriber known; what the store knows of it stays.</summary>
    public void AddSubscriber(string imsi, ulong sqn) =>
        Execute("INSERT INTO subscriber (imsi, sqn) VALUES (@0, @1) ON CONFLICT DO NOTHING", imsi, (long)sqn);

    /// <summary>Steps a subscriber's SQN and returns the new value.</summary>
    public ulong NextSqn(string imsi, ulong step) =>
        (ulong)Read("UPDATE subscriber SET sqn = (sqn + @1) & 281474976710655 WHERE imsi = @0 RETURNING sqn", row => row.GetInt64(0), imsi, (long)step)[0];

    /// <summary>Sets a subscriber's SQN, as a resynchronisation does.</summary>
    public void SetSqn(string imsi, ulong sqn) => Execute("UPDATE subscriber SET sqn = @1 WHERE imsi = @0", imsi, (long)sqn);

    /// <summary>The address a subscriber's last authenticated request came from, null before there was one.</summary>
    public IPAddress? Address(string imsi) =>
        Read("SELECT address FROM subscriber WHERE imsi = @0 AND address IS NOT NULL", row => IPAddress.Parse(row.GetString(0)), imsi).FirstOrDefault();

    /// <summary>Remembers where a subscriber is.</summary>
    public void SetAddress(string imsi, IPAddress address) => Execute("UPDATE subscriber SET address = @1 WHERE imsi = @0", imsi, address.ToString());

    /// <summary>From now on only a key from a later bootstrapping run is good enough for this subscriber's requests to a BM-SC.</summary>
    public void DemandRenegotiation(string imsi, string fqdn) => Execute(
        "INSERT OR REPLACE INTO demand (imsi, fqdn, after) SELECT @0, @1, COALESCE(MAX(id), 0) FROM bootstrapping", imsi, fqdn);

    /// <summary>The bootstrapping run after which a key must have been negotiated.</summary>
    public long DemandedAfter(string imsi, string fqdn) =>
        Read("SELECT after FROM demand WHERE imsi = @0 AND fqdn = @1", row => row.GetInt64(0), imsi, fqdn).FirstOrDefault();

    /// <summary>Records a bootstrapping run.</summary>
    public void AddBootstrapping(string btid, string imsi, byte[] rand, byte[] ks, DateTimeOffset expires) => Execute(
        "INSERT INTO bootstrapping (btid, imsi, rand, ks, expires) VALUES (@0, @1, @2, @3, @4)", btid, imsi, rand, ks, expires.ToUnixTimeSeconds());

    /// <summary>The bootstrapping run of a B-TID.</summary>
    public Bootstrapping? FindBootstrapping(string btid) => Read(
        "SELECT id, btid, imsi, rand, ks, expires FROM bootstrapping WHERE btid = @0",
        row => new Bootstrapping(row.GetInt64(0), row.GetString(1), row.GetString(2), Blob(row, 3), Blob(row, 4), Instant(row, 5)),
        btid).FirstOrDefault();

    /// <summary>Keeps a MUK from now on. False if it was known.</summary>
    public bool AddMuk(Muk muk) => Execute(
        "INSERT INTO muk (id, btid, imsi, key, mrk, expires, fqdn) VALUES (@0, @1, @2, @3, @4, @5, @6) ON CONFLICT DO NOTHING",
        muk.Id, muk.Btid, muk.Imsi, muk.Key, muk.Mrk, muk.Expires.ToUnixTimeSeconds(), muk.Fqdn) == 1;

    /// <summary>The MUK a BM-SC has from a B-TID.</summary>
    public Muk? FindMuk(string btid, string fqdn) => Read($"{MukColumns} WHERE btid = @0 AND fqdn = @1", MukOf, btid, fqdn).FirstOrDefault();

    /// <summary>The last MUK negotiated between a subscriber and a BM-SC, however old.</summary>
    public Muk? LastMuk(string imsi, string fqdn) =>
        Read($"{MukColumns} WHERE imsi = @0 AND fqdn = @1 ORDER BY id DESC LIMIT 1", MukOf, imsi, fqdn).FirstOrDefault();

    /// <summary>Takes the next counter of a MUK. It is on disk before any message can carry it.</summary>
    public uint NextCounter(string btid, string fqdn) => (uint)Read(
        "UPDATE muk SET counter = counter + 1 WHERE btid = @0 AND fqdn = @1 RETURNING counter", row => row.GetInt64(0), btid, fqdn)[0];

    /// <summary>Records an MSK.</summary>
    public void AddMsk(Msk msk) => Execute(
        "INSERT INTO msk (key_domain, key_group, number, key, rand, csb_id, seq_low, seq_high) VALUES (@0, @1, @2, @3, @4, @5, @6, @7)",
        msk.Group.KeyDomain, msk.Group.Group, msk.Number, msk.Key, msk.Rand, msk.CsbId, msk.SeqLow, msk.SeqHigh);

    /// <summary>An MSK by its number; number 0 is the current one of the group.</summary>
    public Msk? FindMsk(KeyGroup group, ushort number) => Read(
        $"{MskColumns} WHERE key_domain = @0 AND key_group = @1 AND @2 IN (0, number) ORDER BY created DESC LIMIT 1",
        row => new Msk(GroupOf(row, 0), (ushort)row.GetInt32(2), Blob(row, 3), Blob(row, 4), (uint)row.GetInt64(5), (ushort)row.GetInt32(6), (ushort)row.GetInt32(7)),
        group.KeyDomain, group.Group, number).FirstOrDefault();

    /// <summary>Changes SEQl and SEQu of an MSK.</summary>
    public void SetInterval(KeyGroup group, ushort number, ushort seqLow, ushort seqHigh) => Execute(
        "UPDATE msk SET seq_low = @3, seq_high = @4 WHERE key_domain = @0 AND key_group = @1 AND number = @2",
        group.KeyDomain, group.Group, number, seqLow, seqHigh);

    /// <summary>Takes the next MTK ID of an MSK, from SEQl on; null when SEQu is used up. It is on disk before any message can carry it.</summary>
    public ushort? NextMtkId(KeyGroup group, ushort number) => Read(
        """
        UPDATE msk SET last_mtk = MAX(last_mtk + 1, seq_low)
        WHERE key_domain = @0 AND key_group = @1 AND number = @2 AND MAX(last_mtk + 1, seq_low) <= seq_high RETURNING last_mtk
        """,
        row => (ushort?)row.GetInt32(0), group.KeyDomain, group.Group, number).FirstOrDefault();

    /// <summary>Takes the next counter of an MSK's MTK messages. It is on disk before any message can carry it.</summary>
    public uint NextMtkCounter(KeyGroup group, ushort number) => (uint)Read(
        "UPDATE msk SET mtk_counter = mtk_counter + 1 WHERE key_domain = @0 AND key_group = @1 AND number = @2 RETURNING mtk_counter",
        row => row.GetInt64(0), group.KeyDomain, group.Group, number)[0];

    /// <summary>
    /// Records an MTK and its message, and deletes those that came before the one in force: a stream looks that one up for
    /// every packet, among what is left.
    /// </summary>
    public void AddMtk(Mtk mtk, DateTimeOffset now) => Execute(
        $"""
        DELETE FROM mtk WHERE key_domain = @0 AND key_group = @1 AND created < {CreatedInForce};
        INSERT INTO mtk (key_domain, key_group, number, mtk_id, key, salt, counter, profile, message, dummy, in_force)
        VALUES (@0, @1, @3, @4, @5, @6, @7, @8, @9, @10, @11)
        """,
        mtk.Group.KeyDomain, mtk.Group.Group, now.ToUnixTimeMilliseconds(), mtk.Number, mtk.Id, mtk.Key, mtk.Salt, mtk.Counter, (int)mtk.Profile,
        mtk.Message, mtk.Dummy ? 1 : 0, mtk.InForce.ToUnixTimeMilliseconds());

    /// <summary>The MTK that protects a Key Group's traffic at a time, and behind it those that will later, in the order they were sent.</summary>
    public IReadOnlyList<Mtk> MtksFrom(KeyGroup group, DateTimeOffset now) => Read(
        $"{MtkColumns} WHERE key_domain = @0 AND key_group = @1 AND dummy = 0 AND created >= {CreatedInForce} ORDER BY created",
        MtkOf, group.KeyDomain, group.Group, now.ToUnixTimeMilliseconds());

    /// <summary>The MTK that protects a Key Group's traffic at a time; null before there is one.</summary>
    public Mtk? MtkInForce(KeyGroup group, DateTimeOffset now) => MtksFrom(group, now).FirstOrDefault(mtk => mtk.InForce <= now);

    /// <summary>Registers a subscriber for a service. False if it was.</summary>
    public bool Register(string imsi, string service) =>
        Execute("INSERT INTO registration (imsi, service) VALUES (@0, @1) ON CONFLICT DO NOTHING", imsi, service) == 1;

    /// <summary>Ends a registration. False if there was none.</summary>
    public bool Deregister(string imsi, string service) =>
        Execute("DELETE FROM registration WHERE imsi = @0 AND service = @1", imsi, service) == 1;

    /// <summary>The services a subscriber is registered for.</summary>
    public IReadOnlyList<string> Registrations(string imsi) =>
        Read("SELECT service FROM registration WHERE imsi = @0 ORDER BY service", row => row.GetString(0), imsi);

    /// <summary>Records an MSK to deliver and returns the delivery's identity.</summary>
    public long AddDelivery(Muk muk, KeyGroup group, ushort number, MikeyProfile profile) => Read(
        "INSERT INTO delivery (imsi, btid, key_domain, key_group, number, profile, fqdn) VALUES (@0, @1, @2, @3, @4, @5, @6) RETURNING id",
        row => row.GetInt64(0), muk.Imsi, muk.Btid, group.KeyDomain, group.Group, number, (int)profile, muk.Fqdn)[0];

    /// <summary>A delivery.</summary>
    public Delivery FindDelivery(long id) => Read($"{DeliveryColumns} WHERE id = @0", DeliveryOf, id)[0];

    /// <summary>The deliveries whose last messages went out under this B-TID with this counter: at most one of each BM-SC.</summary>
    public IReadOnlyList<Delivery> FindDeliveries(string btid, uint counter) =>
        Read($"{DeliveryColumns} WHERE btid = @0 AND counter = @1", DeliveryOf, btid, counter);

    /// <summary>The deliveries that still wait for an acknowledgement.</summary>
    public IReadOnlyList<Delivery> PendingDeliveries() =>
        Read($"{DeliveryColumns} WHERE state = @0 ORDER BY id", DeliveryOf, (int)DeliveryState.Pending);

    /// <summary>Records the message a delivery goes out as.</summary>
    public void SetMessage(long id, uint counter, byte[] message) =>
        Execute("UPDATE delivery SET counter = @1, message = @2 WHERE id = @0", id, counter, message);

    /// <summary>Ends a delivery. False if it had ended before.</summary>
    public bool EndDelivery(long id, DeliveryState state) =>
        Execute("UPDATE delivery SET state = @1 WHERE id = @0 AND state = @2", id, (int)state, (int)DeliveryState.Pending) == 1;

    /// <summary>How many deliveries from a BM-SC to a subscriber are in a state.</summary>
    public int CountDeliveries(string imsi, DeliveryState state, string fqdn) =>
        Read("SELECT COUNT(*) FROM delivery WHERE imsi = @0 AND state = @1 AND fqdn = @2", row => row.GetInt32(0), imsi, (int)state, fqdn)[0];

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _connection.Dispose();
        }
    }

    private static Muk MukOf(SqliteDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetString(2), Blob(row, 3), Blob(row, 4), Instant(row, 5), (uint)row.GetInt64(6), row.GetString(7));

    private static Delivery DeliveryOf(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), GroupOf(row, 3), (ushort)row.GetInt32(5), (MikeyProfile)row.GetInt32(6),
        (uint)row.GetInt64(7), Blob(row, 8), (DeliveryState)row.GetInt32(9), row.GetString(10));

    private static Mtk MtkOf(SqliteDataReader row) => new(
        GroupOf(row, 0), (ushort)row.GetInt32(2), (ushort)row.GetInt32(3), Blob(row, 4), Blob(row, 5), (uint)row.GetInt64(6),
        (MikeyProfile)row.GetInt32(7), Blob(row, 8), row.GetInt32(9) != 0, DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(10)));

    private static KeyGroup GroupOf(SqliteDataReader row, int column) => new(row.GetString(column), (ushort)row.GetInt32(column + 1));

    private static byte[] Blob(SqliteDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    private static DateTimeOffset Instant(SqliteDataReader row, int column) => DateTimeOffset.FromUnixTimeSeconds(row.GetInt64(column));

    private int Execute(string sql, params object[] values)
    {
        lock (_lock)
        {
            using SqliteCommand command = Command(sql, values);
            return command.ExecuteNonQuery();
        }
    }

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> map, params object[] values)
    {
        lock (_lock)
        {
            using SqliteCommand command = Command(sql, values);
            using SqliteDataReader reader = command.ExecuteReader();
            List<T> rows = [];
            while (reader.Read())
            {
                rows.Add(map(reader));
            }
            return rows;
        }
    }

    private SqliteCommand Command(string sql, object[] values)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"@{i}", values[i]);
        }
        return command;
    }
}
