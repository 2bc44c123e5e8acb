// The reference: a token endpoint as LiveKit's documentation writes one for Express, with what it leaves to its
// reader: the API key is looked up in PostgreSQL, the requests of each key are counted in Redis.
import { createHmac } from 'node:crypto';
import express from 'express';
import { Redis } from 'ioredis';
import { AccessToken, TrackSource } from 'livekit-server-sdk';
import pg from 'pg';

const settings = JSON.parse(process.env.BENCH_SETTINGS);
const pool = new pg.Pool({ connectionString: settings.database_url, max: 10 });
const redis = new Redis(settings.redis_url);
redis.defineCommand('count', {
  numberOfKeys: 1,
  lua: `local n = redis.call('INCR', KEYS[1]) if n == 1 then redis.call('PEXPIRE', KEYS[1], 10000) end return n`,
});

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.use(express.json({ limit: '64kb' }));

app.post('/v1/token', async (req, res) => {
  const key = (req.headers.authorization ?? '').replace(/^Bearer /, '');
  const digest = createHmac('sha256', Buffer.from(settings.pepper, 'base64')).update(key).digest();
  const found = await pool.query({
    name: 'find_api_key',
    text: 'select * from find_api_key($1)',
    values: [[digest]],
  });
  if (found.rows.length === 0) return res.status(401).json({ code: 'not_authenticated' });
  const { tenant_id: tenant, api_key_id: keyId } = found.rows[0];
  if ((await redis.count(`express:${keyId}`)) > 1_000_000_000) return res.status(429).json({ code: 'too_many' });
  const { room_name: room = 'lounge', participant_identity: identity = 'somebody' } = req.body ?? {};
  const token = new AccessToken(settings.livekit_key, settings.livekit_secret, {
    identity,
    name: identity,
    ttl: 600,
  });
  token.addGrant({
    roomJoin: true,
    room: `${tenant.replaceAll('-', '')}_${room}`,
    canPublish: true,
    canSubscribe: true,
    canPublishData: true,
    canPublishSources: [TrackSource.MICROPHONE, TrackSource.SCREEN_SHARE],
    canUpdateOwnMetadata: false,
  });
  return res.status(201).json({
    server_url: settings.livekit_url,
    participant_token: await token.toJwt(),
  });
});

const server = app.listen(settings.port, '127.0.0.1', () => console.log('ready'));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
