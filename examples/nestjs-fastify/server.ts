/*
 * NestJS on Fastify, with @nestjs/passport and a JWT instead of a session.
 *
 *   npm install passport-metafy passport @nestjs/passport @nestjs/common @nestjs/core \
 *     @nestjs/platform-fastify @fastify/cookie jose reflect-metadata rxjs
 */
import 'reflect-metadata';
import cookie from '@fastify/cookie';
import {
  Controller,
  type ExecutionContext,
  Get,
  HttpException,
  Injectable,
  Module,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { jwtVerify, SignJWT } from 'jose';
import { MetafyError, type MetafyProfile, MetafyStrategy } from 'passport-metafy';

interface User {
  id: string;
  name?: string;
}

const { METAFY_URL, SESSION_SECRET, PORT = '3000' } = process.env;
if (!SESSION_SECRET) throw new Error('SESSION_SECRET is missing.');
const key = new TextEncoder().encode(SESSION_SECRET);

@Injectable()
class SignInWithMetafy extends PassportStrategy(MetafyStrategy) {
  constructor() {
    super({
      clientID: process.env.METAFY_CLIENT_ID,
      clientSecret: process.env.METAFY_CLIENT_SECRET,
      callbackURL: '/auth/metafy/callback',
      baseURL: METAFY_URL,
    });
  }

  validate(_accessToken: string, _refreshToken: string, profile: MetafyProfile): User {
    return { id: profile.id, name: profile.displayName };
  }
}

@Injectable()
class MetafyGuard extends AuthGuard('metafy') {
  // Passport knows only responses of Node's shape.
  getResponse(context: ExecutionContext): object {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return {
      set statusCode(code: number) {
        reply.code(code);
      },
      setHeader: reply.header.bind(reply),
      appendHeader: reply.header.bind(reply),
      end: () => reply.send(),
    };
  }

  override getRequest(context: ExecutionContext): object {
    return Object.assign(super.getRequest(context), { res: this.getResponse(context) });
  }

  // Nest would answer 401 to a sign-in that has failed for any reason, and 500 while Metafy is away.
  override handleRequest<Found = User>(
    error: unknown,
    user: Found | false | null,
    info: { message?: string } | undefined,
    _context: ExecutionContext,
    status = 401,
  ): Found {
    if (error instanceof MetafyError) throw new HttpException('Metafy is not available.', error.status);
    if (error) throw error;
    if (!user) throw new HttpException(info?.message ?? 'You are not signed in.', status);
    return user;
  }
}

@Controller()
class Pages {
  @Get('auth/metafy')
  @UseGuards(MetafyGuard)
  start(): void {
    // The guard has sent the browser to Metafy.
  }

  @Get('auth/metafy/callback')
  @UseGuards(MetafyGuard)
  async finish(@Req() request: FastifyRequest & { user: User }, @Res() reply: FastifyReply): Promise<void> {
    const { id, name } = request.user;
    const token = await new SignJWT({ name })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(id)
      .setExpirationTime('8h')
      .sign(key);
    reply.setCookie('user', token, { path: '/', httpOnly: true, sameSite: 'lax', secure: 'auto' });
    reply.redirect('/');
  }

  @Get('login')
  showLogin(@Res() reply: FastifyReply): void {
    reply.type('text/html').send('<a href="/auth/metafy">Sign in with Metafy</a>');
  }

  @Get()
  async greet(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const token = request.cookies.user ?? '';
    const verified = await jwtVerify(token, key, { algorithms: ['HS256'] }).catch(() => undefined);
    if (verified) reply.send(`Hello, ${verified.payload.name}`);
    else reply.redirect('/login');
  }
}

@Module({ controllers: [Pages], providers: [SignInWithMetafy] })
class Application {}

async function serve(): Promise<void> {
  const adapter = new FastifyAdapter();
  const app = await NestFactory.create<NestFastifyApplication>(Application, adapter, {
    logger: ['error', 'warn'],
  });
  await app.register(cookie);
  await app.listen(PORT, '127.0.0.1');
  console.log(await app.getUrl());
}

serve();
