/*
 * NestJS on Fastify, with @nestjs/passport and a JWT instead of a session.
 *
 *   npm install passport-metafy passport @nestjs/passport @nestjs/common @nestjs/core \
 *     @nestjs/platform-fastify @fastify/cookie jose reflect-metadata rxjs
 */
import 'reflect-metadata';
import cookie from '@fastify/cookie';
import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExecutionContext,
  Get,
  Header,
  HttpException,
  Injectable,
  Logger,
  Module,
  Query,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import { APP_FILTER, BaseExceptionFilter, NestFactory } from '@nestjs/core';
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

/** Nobody was signed in: 401, 403 or 400. */
class SignInRefused extends HttpException {}

@Injectable()
class MetafyGuard extends AuthGuard('metafy') {
  // Passport knows only responses of Node's shape.
  getResponse(context: ExecutionContext): object {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return {
      set statusCode(code: number) {
        reply.code(code);
      },
      getHeader: (name: string) => reply.getHeader(name),
      // `header` alone adds to `Set-Cookie`.
      setHeader: (name: string, value: unknown) => reply.removeHeader(name).header(name, value),
      end: () => reply.send(),
    };
  }

  override getRequest(context: ExecutionContext): object {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    return Object.assign(request, { res: this.getResponse(context) });
  }

  // Nest's own answers 401 for whatever reason.
  override handleRequest<Found = User>(
    error: Error | null,
    user: Found | false | null,
    info: { message?: string } | undefined,
    _context: ExecutionContext,
    status = 401,
  ): Found {
    if (error) throw error;
    if (!user) throw new SignInRefused(info?.message ?? 'You were not signed in.', status);
    return user;
  }
}

@Catch()
class MetafyErrorFilter extends BaseExceptionFilter {
  readonly #logger = new Logger('Metafy');

  override catch(error: unknown, host: ArgumentsHost) {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (error instanceof SignInRefused) return void reply.redirect(`/login?refused=${error.getStatus()}`, 302);
    if (!(error instanceof MetafyError)) return super.catch(error, host);
    this.#logger.error(error);
    if (error.retryAfterMs) reply.header('Retry-After', Math.ceil(error.retryAfterMs / 1000));
    void reply.code(error.status).send('Metafy is not available at the moment. Please try again.');
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
    // Without 302 it would be the 200 that Nest has set.
    await reply.redirect('/', 302);
  }

  @Get('login')
  @Header('Content-Type', 'text/html')
  showLogin(@Query('refused') refused?: string): string {
    const cause = refused === '401' ? 'You declined. ' : 'The sign-in took too long, or your browser blocks cookies. ';
    return `${refused ? cause : ''}<a href="/auth/metafy">Sign in with Metafy</a>`;
  }

  @Get()
  async greet(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const token = request.cookies.user ?? '';
    const verifying = jwtVerify<{ name?: string }>(token, key, { algorithms: ['HS256'] });
    const verified = await verifying.catch(() => undefined);
    if (verified) await reply.send(`Hello, ${verified.payload.name}`);
    else await reply.redirect('/login', 302);
  }
}

@Module({
  controllers: [Pages],
  providers: [SignInWithMetafy, { provide: APP_FILTER, useClass: MetafyErrorFilter }],
})
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

void serve();
